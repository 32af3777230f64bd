using AkkaStream.Log.Producers;
using AkkaStream.Log.Scrub;

namespace AkkaStream.Log.Recovery;

/// <summary>What recovery hands over to the log: everything consistent, up to the end.</summary>
sealed class RecoveredLog
{
    public required List<Segment> Segments { get; init; }
    public required long End { get; init; }
    public required LeaderEpochs Epochs { get; init; }

    /// <summary>The checkpoint file does not hold what <see cref="Epochs"/> does.</summary>
    public required bool EpochsChanged { get; init; }

    /// <summary>The largest that was found anywhere, even if its records are gone: the next leader's must be above it.</summary>
    public required LeaderEpoch HighestEpoch { get; init; }
    public required ProducerTable Producers { get; init; }
    public required OffsetSet Snapshots { get; init; }

    /// <summary>What earlier checks found, and what opening a log does not look at.</summary>
    public DamagedStretch[] Damage { get; init; } = [];
}
