using AkkaStream.Log.Scrub;

namespace AkkaStream.Log;

/// <summary>What a scrub found: kept out of readers' hands until the segment is replaced or goes.</summary>
public sealed partial class PartitionLog
{
    DamagedStretch[] _damage = [];

    /// <summary>In a turn. Nothing happens when it is known, or the segment is not part of the log any more.</summary>
    public void NoteDamage(DamagedStretch damage)
    {
        bool known = Array.Exists(_damage, other => other.File == damage.File && other.From == damage.From);
        if (known || _closed || !Array.Exists(_segments, segment => segment.LogFile == damage.File)) return;
        _damage = [.. _damage, damage];
        Publish();
    }

    DamagedStretch[] DamageInService() =>
        _damage.Length == 0 ? _damage
        : _damage = Array.FindAll(_damage, damage => Array.Exists(_segments, segment => segment.LogFile == damage.File));
}
