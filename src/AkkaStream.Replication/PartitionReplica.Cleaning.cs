using AkkaStream.Actors;
using AkkaStream.Log.Cleaning;

namespace AkkaStream.Replication;

/// <summary>The replica's part in a compaction of its log: beginning, putting new segments in place, ending; see <see cref="LogCleaner"/>.</summary>
sealed partial class PartitionReplica
{
    /// <summary>One is under way: the log is not closed for want of interest.</summary>
    LogCompaction? _cleaning;

    void OnBeginCleaning(BeginCleaning begin)
    {
        if (_log is null && !IsOffline && self.Closing is null)
        {
            WaitForLog(begin);
            return;
        }
        try
        {
            _cleaning = IsOffline || self.Closing is not null ? null : _log?.BeginCleaning(begin.Limits, begin.NowMs);
        }
        catch (IOException failure)
        {
            ReplicationTrace.NotLookedAt(environment.Log, self.Name.DirectoryName, failure.Message);
        }

        // What is not synced yet is not compacted; next time it will be.
        if (_cleaning is null) StartSync();
        Sender.Tell(new CleaningBegun(self, _cleaning));
        RestIfUnwanted();
    }

    void OnSwapCleaned(SwapCleaned swap)
    {
        if (_log is { } log && self.Closing is null && ReferenceEquals(_cleaning, swap.Run.Cleaning))
        {
            log.SwapIn(swap.Run.Cleaning, swap.NowMs);
            if (log.OfflineReason is { } reason)
            {
                GoOffline(reason, comesBack: true);
            }
            else
            {
                if (_isWanted) self.Show(log.View);
                AskForUnlinking(log);
            }
        }
        else
        {
            swap.Run.Cleaning.Abandon();
        }
        Sender.Tell(new CleaningSwapped(swap.Run));
    }

    void OnEndCleaning(EndCleaning end)
    {
        if (ReferenceEquals(_cleaning, end.Run.Cleaning))
        {
            _cleaning = null;
            _log?.CompleteCleaning(end.Run.Cleaning);
        }
        Sender.Tell(new CleaningEnded(end.Run));
        RestIfUnwanted();
    }
}
