using AkkaStream.Metadata;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Stored;

namespace AkkaStream.Coordinators.Groups;

/// <summary>Subscriptions by pattern: each is looked up once for all its members, and again when the topics change.</summary>
public sealed partial class ConsumerGroup
{
    readonly Dictionary<string, TopicPattern> _compiled = new(StringComparer.Ordinal);

    /// <param name="patterns">As they are going to be.</param>
    /// <param name="changed">One of them stands for other topics than before.</param>
    GroupError LookUpPatterns(
        ConsumerMember before, ConsumerMember member, Decision decision, out IReadOnlyDictionary<string, ResolvedPattern> patterns, out bool changed)
    {
        changed = false;
        patterns = _patterns;
        bool isOther = member.Regex != before.Regex;
        if (isOther && before.Regex.Length > 0 && _patterns.ContainsKey(before.Regex) && IsLastWith(before.Regex, before.Id))
            WritePatternTombstone(before.Regex, decision);
        if (isOther && member.Regex.Length > 0 && !_patterns.ContainsKey(member.Regex))
        {
            if (Compile(member.Regex, out string reason) is null)
                return new GroupError(
                    ErrorCode.InvalidRegularExpression, $"SubscribedTopicRegex `{member.Regex}` is not a valid regular expression: {reason}.");
            patterns = Resolve([member.Regex, .. StaleOnes(decision)], decision, ref changed);
            changed = true;
            return GroupError.None;
        }
        if (_patterns.Count > 0) patterns = Resolve(StaleOnes(decision), decision, ref changed);
        return GroupError.None;
    }

    bool IsLastWith(string regex, string memberId)
    {
        foreach (var other in _members.Values)
        {
            if (other.Id != memberId && other.Regex == regex) return false;
        }
        return true;
    }

    List<string> StaleOnes(Decision decision)
    {
        bool topicsChanged = !ReferenceEquals(_seenTopics, Topics);
        var stale = new List<string>();
        foreach (var (regex, pattern) in _patterns)
        {
            if (topicsChanged || decision.Now.WallMs - pattern.ResolvedAtMs >= decision.Settings.RegexRefreshIntervalMs) stale.Add(regex);
        }
        return stale;
    }

    IReadOnlyDictionary<string, ResolvedPattern> Resolve(List<string> regexes, Decision decision, ref bool changed)
    {
        if (regexes.Count == 0) return _patterns;
        var resolved = new Dictionary<string, ResolvedPattern>(_patterns, StringComparer.Ordinal);
        foreach (string regex in regexes)
        {
            // Only what was once compiled gets here; a pattern of a newer broker that ours cannot read keeps the topics it had.
            if (Compile(regex, out _) is not { } pattern) continue;
            var found = new ResolvedPattern(
                [.. Topics.SortedNames.Where(n => !TopicName.IsInternal(n) && pattern.Matches(n))], _shard.Image.Revision.Value, decision.Now.WallMs);
            bool isSame = _patterns.TryGetValue(regex, out var known) && known.Topics.SequenceEqual(found.Topics);
            if (isSame) continue;
            resolved[regex] = found;
            changed = true;
            decision.Write(new StoredRecord(
                new ConsumerGroupRegularExpressionKey { GroupId = Id, RegularExpression = regex },
                new ConsumerGroupRegularExpressionValue { Topics = [.. found.Topics], Version = found.Version, Timestamp = found.ResolvedAtMs }, 0));
        }
        return resolved;
    }

    TopicPattern? Compile(string regex, out string reason)
    {
        reason = "";
        if (_compiled.TryGetValue(regex, out var pattern)) return pattern;
        pattern = TopicPattern.TryCreate(regex, out reason);
        if (pattern is not null) _compiled.Add(regex, pattern);
        return pattern;
    }

    void WritePatternTombstone(string regex, Decision decision) =>
        decision.Write(StoredRecord.Tombstone(new ConsumerGroupRegularExpressionKey { GroupId = Id, RegularExpression = regex }));
}
