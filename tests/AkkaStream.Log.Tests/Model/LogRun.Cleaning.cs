using AkkaStream.Log.Cleaning;

namespace AkkaStream.Log.Tests.Model;

/// <summary>Compactions that are interrupted, given up and cut off by crashes, as others work on the log meanwhile.</summary>
sealed partial class LogRun
{
    readonly CleaningLimits _limits;
    readonly int _keys;
    readonly bool _compacts, _deletes;

    public int Cleanings { get; private set; }

    void Clean()
    {
        if (!_compacts || _log.BeginCleaning(_limits, _now) is not { } cleaning) return;
        Note($"compaction from {cleaning.Plan.FirstDirty} to {cleaning.Plan.FirstUncleanable}");
        Cleanings++;
        _model.OnCleaningBegun(cleaning.Plan.FirstUncleanable.Value, _now);
        while (cleaning.Stage is CleaningStage.Working or CleaningStage.SwapDue)
        {
            if (cleaning.Stage == CleaningStage.Working) cleaning.Step();
            else if (_random.Next(20) == 0) cleaning.Abandon();
            else _log.SwapIn(cleaning, _now);
            switch (_random.Next(14))
            {
                case 0: Append(); break;
                case 1: Compare(); break;
                case 2: AdvanceHighWatermark(); break;
                case 3: Retain(); break;
                case 4: AdvanceStart(); break;
            }
        }
        Note($"it is {cleaning.Stage}: {cleaning.Report}");
        if (cleaning.Stage != CleaningStage.Done) return;
        _log.CompleteCleaning(cleaning);
        _model.OnCleaningDone(cleaning.UpTo.Value);
        if (_random.Next(2) == 0) _directory.WriteCleanerPositions();
    }
}
