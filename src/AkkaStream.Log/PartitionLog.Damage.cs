using AkkaStream.Log.Scrub;

namespace AkkaStream.Log;

/// <summary>What a scrub found: kept out of readers' hands until the segment is replaced or goes, or reads well again.</summary>
public sealed partial class PartitionLog
{
    DamagedStretch[] _damage = [];

    /// <summary>In a turn. Nothing happens when it is known, or the segment is not part of the log any more.</summary>
    public void NoteDamage(DamagedStretch damage)
    {
        bool known = Array.Exists(_damage, other => other.File == damage.File && other.From == damage.From);
        if (known || _closed || !IsInService(damage)) return;
        _damage = [.. _damage, damage];
        Publish();
    }

    /// <summary>In a turn: a check of the whole log met this and nothing else.</summary>
    public void ReplaceDamage(DamagedStretch[] damage)
    {
        if (_closed) return;
        _damage = damage;
        Publish();
    }

    DamagedStretch[] DamageInService() => _damage.Length == 0 ? _damage : _damage = Array.FindAll(_damage, IsInService);

    /// <summary>A truncation may have cut it off, and other records may come to lie there.</summary>
    bool IsInService(DamagedStretch damage) =>
        Array.Exists(_segments, segment => segment.LogFile == damage.File && damage.From < segment.Size);
}
