using AkkaStream.Actors;
using AkkaStream.Log;
using AkkaStream.Log.Files;
using AkkaStream.Protocol;

namespace AkkaStream.Replication;

/// <summary>
/// The life of the log behind the replica: opened when needed, closed again when only the background needed it, offline when its disk
/// fails, and back when it was verified. Opening and closing wait for the disk, on its lane.
/// </summary>
sealed partial class PartitionReplica
{
    /// <summary>How long producers wait for a log that is being opened; checking one after a crash may take long.</summary>
    static readonly TimeSpan OpeningPatience = TimeSpan.FromSeconds(5);

    readonly List<AppendBatches> _waitingAppends = [];
    readonly List<IActorRef> _waitingOpens = [];
    readonly List<(object Message, IActorRef Sender)> _waitingOthers = [];
    PartitionLog? _log;

    /// <summary>The lane opens the log, or closes one that nobody wants.</summary>
    bool _isChanging;

    /// <summary>Somebody but the background asked for the log: it stays open.</summary>
    bool _isWanted;
    ErrorCode _offline;
    IActorRef? _checker;

    /// <summary>It went offline for a reason that may go away by itself, or that somebody decides about.</summary>
    bool _comesBack;

    /// <summary>What is stored is not what was written: not opened again before somebody has decided what to give up.</summary>
    bool _isDamaged;

    bool IsOffline => _offline != ErrorCode.None;

    /// <summary>Whether the log can be used now; if not, it is to stay open once it is.</summary>
    bool Want()
    {
        if (!_isWanted)
        {
            _isWanted = true;
            if (_log is not null) Serve(_log);
        }
        return _log is not null;
    }

    void OnOpen()
    {
        if (Want() || IsOffline)
        {
            Sender.Tell(new ReplicaOpened(_log?.View, _offline));
            return;
        }
        _waitingOpens.Add(Sender);
        StartOpening();
    }

    void OnCheck()
    {
        _checker = Sender;
        if (Want() || IsOffline) TellChecker();
        else StartOpening();
    }

    void TellChecker()
    {
        _checker?.Tell(new ReplicaChecked(self, IsOffline));
        _checker = null;
    }

    void WaitForLog(AppendBatches append)
    {
        _waitingAppends.Add(append);
        if (!Timers.IsTimerActive(OpeningTooLong.Instance))
            Timers.StartSingleTimer(OpeningTooLong.Instance, OpeningTooLong.Instance, OpeningPatience);
        StartOpening();
    }

    void WaitForLog(object message)
    {
        _waitingOthers.Add((message, Sender));
        StartOpening();
    }

    /// <summary>They ask for metadata and come back; what they sent was not taken.</summary>
    void RefuseWaiting()
    {
        if (_log is not null || IsOffline) return;
        foreach (var append in _waitingAppends) append.Refuse(ErrorCode.NotLeaderOrFollower);
        _waitingAppends.Clear();
    }

    void StartOpening()
    {
        if (_isChanging || self.Closing is not null) return;
        _isChanging = true;
        var me = Self;
        var config = self.Standing.Config;
        bool needsDecision = _isDamaged;
        environment.DiskLane.Schedule(new LaneWork(() =>
        {
            try
            {
                if (needsDecision && !environment.IsDamageGivenUp(self)) me.Tell(StillDamaged.Instance);
                else me.Tell(new LogOpened(environment.Open(self, config)));
            }
            catch (Exception e) { me.Tell(new LogNotOpened(e)); }
        }));
    }

    void OnOpened(PartitionLog log)
    {
        if (!_isChanging || (self.Closing is null && environment.FailureOf(self) is not null))
        {
            // Asked for by one that is no more, or on a disk that failed meanwhile.
            _isChanging = false;
            log.Dispose();
            return;
        }
        _isChanging = false;
        if (self.Closing is { } close)
        {
            _log = log;
            OnClose(close.Delete, close.Sender);
            return;
        }
        _log = log;
        _isDamaged = false;
        CountDamage(log.View.DamagedStretches);
        self.IsLogOpen = true;
        log.Configure(self.Told.Config);
        if (IsOffline) ComeBack(log);
        if (_isWanted) Serve(log);
        Release();
    }

    /// <summary>From here on the log is somebody's: led, if it is led here, and seen by readers.</summary>
    void Serve(PartitionLog log)
    {
        if (self.Told.InSync <= 1)
        {
            if (!self.Told.Config.SyncsEveryAppend || log.RecoveryPoint == log.EndOffset) log.AdvanceHighWatermark(log.EndOffset);
            else StartSync();
        }
        if (self.Told.IsLeader) Lead(log, self.Told.Epoch);
        if (_log is not null) self.Publish(log.View);
    }

    void Lead(PartitionLog log, LeaderEpoch epoch)
    {
        try
        {
            log.BeginLeaderEpoch(epoch);
        }
        catch (IOException failure) when (DiskFailure.IsDiskFull(failure))
        {
            // The first append begins the epoch, or is refused for the same reason: readers need not suffer.
        }
        catch (IOException failure)
        {
            GoOffline(failure.Message, comesBack: true);
        }
    }

    void OnStillDamaged()
    {
        _isChanging = false;
        if (self.Closing is { } close) OnClose(close.Delete, close.Sender);
        else environment.Keeper.Tell(new ReplicaOffline(self));
    }

    void OnNotOpened(Exception cause)
    {
        if (!_isChanging) return;
        _isChanging = false;
        if (self.Closing is { } close)
        {
            OnClose(close.Delete, close.Sender);
            return;
        }
        bool isNew = !IsOffline;
        if (isNew) ReplicationTrace.NotOpened(environment.Log, self, environment.DirectoryOf(self), cause.Message);
        _isDamaged = cause is LogDamagedException;
        GoOffline(null, comesBack: cause is IOException);
        Release();
    }

    void GoOffline(string? cause, bool comesBack)
    {
        if (cause is not null) ReplicationTrace.WentOffline(environment.Log, self, cause);
        _comesBack = comesBack;
        _offline = ErrorCode.KafkaStorageError;
        LetGo();
        self.Stand(self.Standing with { Refusal = ErrorCode.KafkaStorageError });
        environment.NoteOffline();
        self.Publish(null);
        RefuseUnsynced();
        RefuseTrims();
        if (comesBack) environment.Keeper.Tell(new ReplicaOffline(self));
    }

    void OnDirectoryFailed()
    {
        if (IsOffline || self.Closing is not null) return;
        GoOffline(null, comesBack: true);
        Release();
    }

    void OnReadFailed(string cause)
    {
        if (IsOffline || self.Closing is not null) return;
        ReplicationTrace.ReadFailed(environment.Log, self, cause);
        environment.Keeper.Tell(new Suspect(self));
    }

    /// <summary>Nothing of the log is written any more: not even that it is closed.</summary>
    void LetGo()
    {
        self.IsLogOpen = false;
        _log?.Dispose();
        _log = null;
    }

    void ComeBack(PartitionLog log)
    {
        ReplicationTrace.Back(environment.Log, self, environment.DirectoryOf(self), log.EndOffset.Value);
        _offline = ErrorCode.None;
        self.Stand(self.Told);
        environment.NoteOffline();
    }

    /// <summary>What waited for the log goes on, in the order in which it came within each kind.</summary>
    void Release()
    {
        var opened = new ReplicaOpened(_log?.View, _offline);
        foreach (var waiting in _waitingOpens) waiting.Tell(opened);
        _waitingOpens.Clear();
        TellChecker();
        Timers.Cancel(OpeningTooLong.Instance);
        AppendBatches[] appends = [.. _waitingAppends];
        _waitingAppends.Clear();
        foreach (var append in appends) OnAppend(append);
        foreach (var (message, sender) in _waitingOthers) Self.Tell(message, sender);
        _waitingOthers.Clear();
    }

    void RestIfUnwanted()
    {
        if (_isWanted || _isChanging || _isSyncing || _cleaning is not null || _log is not { } log) return;
        _isChanging = true;
        _log = null;
        self.IsLogOpen = false;
        var me = Self;
        environment.DiskLane.Schedule(new LaneWork(() => me.Tell(new LogRested(Close(log, clean: true)))));
    }

    void OnRested(string? problem)
    {
        if (!_isChanging) return;
        _isChanging = false;
        if (problem is not null) ReplicationTrace.NotClosed(environment.Log, self, problem);
        if (self.Closing is { } close) OnClose(close.Delete, close.Sender);
        else if (_isWanted || _waitingOthers.Count > 0) StartOpening();
    }

    void OnClose(bool delete, IActorRef sender)
    {
        self.Stand(self.Standing with { Refusal = delete ? ErrorCode.UnknownTopicOrPartition : ErrorCode.NotLeaderOrFollower });
        self.Closing = (delete, sender);
        if (_isChanging || _isSyncing) return; // comes back here when the lane is done
        var log = _log;
        _log = null;
        self.IsLogOpen = false;
        CountDamage(0);
        _offline = self.Standing.Refusal;
        self.Publish(null);
        RefuseUnsynced();
        RefuseTrims();
        Release();
        _isChanging = true;
        var me = Self;
        environment.DiskLane.Schedule(new LaneWork(() => me.Tell(new LogClosed(log is null ? null : Close(log, clean: !delete)))));
    }

    void OnLogClosed(LogClosed closed)
    {
        if (closed.Problem is not null) ReplicationTrace.NotClosed(environment.Log, self, closed.Problem);
        self.Closing?.Sender.Tell(new ReplicaClosed(self));
        Context.Stop(Self);
    }

    static string? Close(PartitionLog log, bool clean)
    {
        try
        {
            log.Close(clean);
            return null;
        }
        catch (Exception failure)
        {
            return failure.Message;
        }
    }
}
