namespace AkkaStream.Client;

public sealed partial class Consumer
{
    void OnAssignedByHand()
    {
    }

    ValueTask PollGroupAsync(CancellationToken cancel)
    {
        foreach (var state in _engine.States) state.AwaitsCommitted = false;
        return default;
    }

    void OnDelivered()
    {
    }

    static TimeSpan? NextGroupTurn() => null;

    static ValueTask LeaveGroupAsync() => default;
}
