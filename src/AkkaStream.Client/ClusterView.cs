using AkkaStream.Client.Settings;
using AkkaStream.Net.Links;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;

namespace AkkaStream.Client;

/// <summary>
/// Who leads what, for one client or several. Asks for the topics that are wanted, and again when they grow old, when a new one is
/// wanted, or when somebody met a sign that they are out of date; several askers share one request. Any thread.
/// </summary>
public sealed partial class ClusterView : IDisposable
{
    static readonly VersionRange MetadataVersions = new(4, ApiTable.Advertised(ApiKey.Metadata).Highest);

    readonly ClientSettings _settings;
    readonly BrokerAddress[] _bootstrap;
    readonly LinkSettings _linkSettings;
    readonly LinkSeams _seams;
    readonly Chance _chance;
    readonly Lock _lock = new();
    readonly Dictionary<(BrokerAddress, LinkUse), BrokerLink> _links = [];
    readonly HashSet<string> _wanted = [];
    readonly ITimer _timer;
    readonly CancellationTokenSource _closing = new();
    ClusterSnapshot _snapshot = ClusterSnapshot.Empty;
    TaskCompletionSource _attempt;
    bool _wantsAll, _refreshing, _again, _newOnly;
    int _failures;
    long _lastAttempt;
    string? _lastFailure;

    /// <exception cref="KafkaConfigException">bootstrap.servers is missing or wrong.</exception>
    public ClusterView(ClientSettings settings, bool createsTopics = false)
    {
        _settings = settings;
        _attempt = NewAttempt();
        CreatesTopics = createsTopics;
        _bootstrap = [.. settings.BootstrapServers.Select(BrokerAddress.Parse)];
        if (_bootstrap.Length == 0)
            throw new KafkaConfigException("bootstrap.servers", "No bootstrap.servers: name at least one broker, for example localhost:9092.");
        _linkSettings = settings.ToLinkSettings();
        _chance = new Chance(settings.Seed);
        _seams = settings.ToSeams(_chance);
        _timer = settings.Time.CreateTimer(static state => ((ClusterView)state!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>What is known now.</summary>
    public ClusterSnapshot Snapshot => Volatile.Read(ref _snapshot);

    /// <summary>Brokers may create topics that are asked for and do not exist.</summary>
    public bool CreatesTopics { get; }

    internal ClientSettings Settings => _settings;

    internal Chance Chance => _chance;

    internal CancellationToken Closing => _closing.Token;

    /// <summary>After each change, on a thread that must not be held up.</summary>
    internal event Action<ClusterSnapshot>? Changed;

    /// <summary>The topic is kept up to date from now on; true if it was not before.</summary>
    internal bool Want(string topic)
    {
        lock (_lock)
        {
            if (!_wanted.Add(topic)) return false;
        }
        Refresh(newOnly: true);
        return true;
    }

    /// <summary>These topics are kept up to date, and no others that were named before.</summary>
    internal void WantOnly(IEnumerable<string> topics)
    {
        bool grew = false;
        lock (_lock)
        {
            var wanted = topics.ToHashSet();
            grew = !wanted.IsSubsetOf(_wanted);
            _wanted.Clear();
            _wanted.UnionWith(wanted);
        }
        if (grew) Refresh(newOnly: true);
    }

    /// <summary>All topics are kept up to date, as for a subscription by pattern.</summary>
    internal void WantAll()
    {
        lock (_lock)
        {
            if (_wantsAll) return;
            _wantsAll = true;
        }
        Refresh(newOnly: false);
    }

    /// <summary>What is known may be wrong: ask again, soon.</summary>
    public void RefreshSoon() => Refresh(newOnly: false);

    /// <summary>Asks the cluster now and returns what it says.</summary>
    /// <exception cref="KafkaException">No broker answered in time.</exception>
    public async ValueTask<ClusterSnapshot> RefreshAsync(CancellationToken cancel = default)
    {
        long before = Snapshot.Version;
        long deadline = Deadline(_settings.ApiTimeout);
        while (true)
        {
            var attempt = NextAttempt();
            Refresh(newOnly: false);
            await WaitFor(attempt, deadline, () => $"No metadata within {_settings.ApiTimeout.TotalMilliseconds:0} ms", cancel).ConfigureAwait(false);
            if (Snapshot is { } snapshot && snapshot.Version > before) return snapshot;
        }
    }

    /// <summary>The topic as the cluster knows it, waiting until it does.</summary>
    /// <exception cref="KafkaException">It does not exist, may not be seen, or nobody could be asked.</exception>
    public async ValueTask<TopicView> TopicAsync(string topic, TimeSpan patience, CancellationToken cancel = default)
    {
        if (Snapshot.Topics.TryGetValue(topic, out var known) && known.Error == ErrorCode.None) return known;
        long deadline = Deadline(patience);
        while (true)
        {
            var attempt = NextAttempt();
            if (!Want(topic)) Refresh(newOnly: true);
            if (Snapshot.Topics.TryGetValue(topic, out known))
            {
                if (known.Error == ErrorCode.None) return known;
                if (!IsWorthWaiting(known.Error)) throw KafkaException.Of(known.Error, $"Topic {topic}");
            }
            await WaitFor(attempt, deadline, () => Absent(topic, patience), cancel).ConfigureAwait(false);
        }
    }

    static bool IsWorthWaiting(ErrorCode error) =>
        error is ErrorCode.UnknownTopicOrPartition or ErrorCode.LeaderNotAvailable or ErrorCode.UnknownTopicId || ErrorCodes.IsRetriable(error);

    /// <summary>Why a topic is not known although it was waited for.</summary>
    internal string WhyAbsent(string topic, TimeSpan patience) =>
        Volatile.Read(ref _lastFailure) is { } failure ? $"{Absent(topic, patience)}: {failure}" : Absent(topic, patience);

    string Absent(string topic, TimeSpan patience)
    {
        string text = $"Topic {topic} not present in metadata after {patience.TotalMilliseconds:0} ms";
        if (!Snapshot.Topics.TryGetValue(topic, out var known)) return text;
        return known.Error == ErrorCode.UnknownTopicOrPartition
            ? $"{text}: the brokers do not know it, and do not create it (auto.create.topics.enable)"
            : $"{text}: {ErrorCodes.NameOf(known.Error)}";
    }

    internal Task NextAttempt()
    {
        lock (_lock) return _attempt.Task;
    }

    internal long Deadline(TimeSpan patience) =>
        _settings.Time.GetTimestamp() + (long)(Math.Min(patience.TotalSeconds, 1e9) * _settings.Time.TimestampFrequency);

    async ValueTask WaitFor(Task attempt, long deadline, Func<string> late, CancellationToken cancel)
    {
        var left = _settings.Time.GetElapsedTime(_settings.Time.GetTimestamp(), deadline);
        try
        {
            if (left <= TimeSpan.Zero) throw new TimeoutException();
            await attempt.WaitAsync(left, _settings.Time, cancel).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            var failure = Volatile.Read(ref _lastFailure);
            throw new KafkaException(ErrorCode.RequestTimedOut, failure is null ? late() + "." : $"{late()}: {failure}.");
        }
    }

    internal BrokerLink LinkAt(string host, int port, LinkUse use) => LinkAt(new BrokerAddress(host, port), use);

    BrokerLink LinkAt(BrokerAddress address, LinkUse use) =>
        TryLinkAt(address, use) ?? throw new ObjectDisposedException(nameof(ClusterView));

    BrokerLink? TryLinkAt(BrokerAddress address, LinkUse use)
    {
        lock (_lock)
        {
            if (_closing.IsCancellationRequested) return null;
            if (!_links.TryGetValue((address, use), out var link))
                _links[(address, use)] = link = new BrokerLink(address.Host, address.Port, _linkSettings, _seams);
            return link;
        }
    }

    /// <summary>
    /// The broker of that id, or null while it is not known. After the end too: timers may still be on their way, and have nobody to throw to.
    /// </summary>
    internal BrokerLink? LinkTo(int brokerId, LinkUse use = LinkUse.General) =>
        Snapshot.BrokerOf(brokerId) is { } broker ? TryLinkAt(new BrokerAddress(broker.Host, broker.Port), use) : null;

    /// <summary>Brokers to ask something that any can answer: connected ones first, those that cannot be reached last.</summary>
    internal List<BrokerLink> LinksToAny()
    {
        var brokers = Snapshot.Brokers;
        var links = new List<BrokerLink>(brokers.Count + _bootstrap.Length);
        int start = _chance.Next(Math.Max(1, brokers.Count));
        for (int i = 0; i < brokers.Count; i++)
        {
            var broker = brokers[(start + i) % brokers.Count];
            links.Add(LinkAt(broker.Host, broker.Port, LinkUse.General));
        }
        start = _chance.Next(_bootstrap.Length);
        for (int i = 0; i < _bootstrap.Length; i++)
        {
            var link = LinkAt(_bootstrap[(start + i) % _bootstrap.Length], LinkUse.General);
            if (!links.Contains(link)) links.Add(link);
        }
        // Stable, so that bootstrap servers stay behind the brokers that the cluster itself named.
        return [.. links.OrderBy(l => l.IsConnected ? 0 : l.IsBackingOff ? 2 : 1)];
    }

    TaskCompletionSource NewAttempt() => new(_settings.Completions);

    /// <summary>Closes all connections; who waits fails.</summary>
    public void Dispose()
    {
        BrokerLink[] links;
        lock (_lock)
        {
            if (_closing.IsCancellationRequested) return;
            _closing.Cancel();
            links = [.. _links.Values];
            _links.Clear();
        }
        _timer.Dispose();
        foreach (var link in links) link.Dispose();
        _attempt.TrySetException(new ObjectDisposedException(nameof(ClusterView)));
        _ = _attempt.Task.Exception;
    }
}

/// <summary>
/// Answers on one connection come in the order of the requests. What may wait long at the broker must not stand before what is urgent,
/// so the two go over connections of their own.
/// </summary>
enum LinkUse : byte
{
    General,
    Fetch,
    Coordinator,
    Produce,
}
