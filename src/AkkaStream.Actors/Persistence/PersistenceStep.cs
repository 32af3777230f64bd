namespace AkkaStream.Actors.Persistence;

/// <summary>
/// An answer of journal or snapshot store on its way into the actor's turn. A system message, so that it passes the user
/// messages that are held until it comes. Void if the actor object it belongs to has been replaced or has died.
/// </summary>
sealed class PersistenceStep(PersistentActor actor, Action step) : SystemMessage
{
    internal override void Run(ActorCell cell)
    {
        if (cell.Actor == actor) step();
    }
}
