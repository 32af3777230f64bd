namespace AkkaStream.Chaos.Tests.Kills;

/// <summary>One batch that a writer has sent, with what it was told about it.</summary>
/// <param name="First">The number of its first record, which is also its sequence.</param>
sealed record LedgerEntry(long First, int Count, byte[] Batch)
{
    /// <summary>Where the broker said it lies; null while it has said nothing.</summary>
    public long? Offset { get; set; }
}
