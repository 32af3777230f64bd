using AkkaStream.Actors;

namespace AkkaStream.Replication;

/// <summary>
/// After an unclean stop every log is opened once in the background, so that the next stop can be a clean one and nobody's first request
/// waits for a long check: a few at a time in each directory, all directories at the same time. Requests go first: a replica that is asked
/// opens at once. Says how far it is, and ends when all are open or known to be damaged.
/// </summary>
sealed class StartChecks : UntypedActor
{
    static readonly TimeSpan Progress = TimeSpan.FromSeconds(10);

    readonly ReplicaEnvironment _environment;
    readonly Dictionary<string, Queue<LocalReplica>> _waiting;
    readonly Dictionary<LocalReplica, string> _underWay = [];
    readonly int _total;
    readonly long _beganMs;
    int _done, _offline;

    public StartChecks(IReadOnlyList<LocalReplica> replicas, ReplicaEnvironment environment)
    {
        _environment = environment;
        _waiting = replicas.GroupBy(HomeOf).ToDictionary(group => group.Key, group => new Queue<LocalReplica>(group));
        _total = replicas.Count;
        _beganMs = environment.NowMs();
    }

    protected override void PreStart()
    {
        ReplicationTrace.Checking(_environment.Log, _total, _waiting.Count);
        _environment.NoteChecks(_total);
        Timers.StartPeriodicTimer(ProgressDue.Instance, ProgressDue.Instance, Progress);
        foreach (string directory in _waiting.Keys)
            for (int i = 0; i < _environment.RecoveriesPerDirectory; i++) CheckNext(directory);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ReplicaChecked done: OnChecked(done); break;
            case ProgressDue: ReplicationTrace.CheckProgress(_environment.Log, _done, _total, NamesUnderWay()); break;
            default: Unhandled(message); break;
        }
    }

    /// <summary>The broker may stop before all is checked.</summary>
    protected override void PostStop() => _environment.NoteChecks(_done - _total);

    string HomeOf(LocalReplica replica) => _environment.Directories.HomeOf(replica.Name)?.DirectoryPath ?? "";

    void CheckNext(string directory)
    {
        if (!_waiting[directory].TryDequeue(out var replica)) return;
        _underWay.Add(replica, directory);
        replica.Actor.Tell(CheckLog.Instance, Self);
    }

    void OnChecked(ReplicaChecked done)
    {
        if (!_underWay.Remove(done.Replica, out string? directory)) return;
        if (done.IsOffline) _offline++;
        _done++;
        _environment.NoteChecks(-1);
        CheckNext(directory);
        if (_done < _total) return;
        ReplicationTrace.Checked(_environment.Log, _total, _environment.NowMs() - _beganMs, _offline);
        Context.Stop(Self);
    }

    string NamesUnderWay() => string.Join(", ", _underWay.Keys.Take(4).Select(replica => replica.Name.ToString()));

    sealed record ProgressDue
    {
        public static readonly ProgressDue Instance = new();
    }
}
