namespace AkkaStream.Client.Groups;

/// <summary>
/// A consumer's membership in its group, by either protocol. The exchange with the coordinator runs by itself; what it brings waits until the
/// thread that polls takes it, because only there may partitions change hands. Any thread.
/// </summary>
interface IMembership : IDisposable
{
    Coordinator Coordinator { get; }

    GroupIdentity Identity { get; }

    PollClock Polls { get; }

    /// <summary>These topics from now on.</summary>
    void Subscribe(IReadOnlyCollection<string> topics, string reason);

    /// <summary>What the polling thread has to act on next.</summary>
    /// <exception cref="KafkaException">The group cannot be used.</exception>
    MemberNews Take(out Joined? joined);

    /// <summary>The polling thread has acted: this is what the consumer has now.</summary>
    /// <param name="owned">All of it.</param>
    /// <param name="gaveUp">Some of what it had before is gone.</param>
    void OnTaken(IReadOnlyCollection<TopicPartition> owned, bool gaveUp);

    /// <summary>Tells the group that this member goes.</summary>
    ValueTask LeaveAsync(string reason, TimeSpan patience);
}
