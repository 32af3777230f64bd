namespace AkkaStream.Actors.Supervision;

/// <summary>What a supervisor does about a child that failed.</summary>
public enum Directive
{
    /// <summary>The child goes on with its next message, its state as it is.</summary>
    Resume,

    /// <summary>A new object takes its place; address and mailbox stay, the failed message is gone.</summary>
    Restart,

    /// <summary>The child stops.</summary>
    Stop,

    /// <summary>The supervisor fails with the same reason, and its own supervisor decides.</summary>
    Escalate,
}
