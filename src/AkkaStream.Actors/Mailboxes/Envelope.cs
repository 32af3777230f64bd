namespace AkkaStream.Actors.Mailboxes;

/// <summary>A message on its way, with whoever wants the answer. Lies by value in the mailbox: nothing is allocated.</summary>
readonly struct Envelope(object message, IActorRef? sender)
{
    public readonly object Message = message;
    public readonly IActorRef? Sender = sender;
}
