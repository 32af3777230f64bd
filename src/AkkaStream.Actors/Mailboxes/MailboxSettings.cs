namespace AkkaStream.Actors.Mailboxes;

/// <summary>What happens to a message that finds a bounded mailbox full. Telling never blocks.</summary>
public enum MailboxOverflow
{
    /// <summary>It becomes a dead letter, counted and logged as such.</summary>
    DeadLetter,

    /// <summary>Its sender is told <see cref="MailboxFull"/>, an ask fails with it; without a sender: a dead letter.</summary>
    TellSender,
}

/// <summary>How many messages may wait for one actor. The kernel's own messages never count as too many.</summary>
public sealed record MailboxSettings(int Capacity, MailboxOverflow Overflow)
{
    public static readonly MailboxSettings Unbounded = new(int.MaxValue, MailboxOverflow.DeadLetter);

    public int Capacity { get; } = Capacity > 0
        ? Capacity
        : throw new ArgumentOutOfRangeException(nameof(Capacity), Capacity, "A mailbox must take at least one message.");

    public static MailboxSettings Bounded(int capacity, MailboxOverflow overflow = MailboxOverflow.DeadLetter) =>
        new(capacity, overflow);
}

/// <summary>Told to the sender of a message that a full mailbox refused, where its settings say so.</summary>
public sealed record MailboxFull(object Message, IActorRef Recipient, int Capacity);
