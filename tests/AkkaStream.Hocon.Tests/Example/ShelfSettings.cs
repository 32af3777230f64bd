namespace AkkaStream.Hocon.Tests.Example;

enum LatePolicy
{
    Keep,
    Warn,
    Sell,
}

/// <summary>What the room knows of its settings: plain values with types, and no word of HOCON.</summary>
sealed record ShelfSettings
{
    public required int BooksMax { get; init; }
    public required long PageSize { get; init; }
    public required TimeSpan LendingTime { get; init; }
    public required double LendingShare { get; init; }
    public required LatePolicy LatePolicy { get; init; }
    public required IReadOnlyList<string> Languages { get; init; }
    public required bool ChildrenWelcome { get; init; }
    public required string Dir { get; init; }
    public required TimeSpan DirFailureTimeout { get; init; }
    public required string? AnnexDir { get; init; }
}

/// <summary>In the product this stands in Server: one such function for each room.</summary>
static class ShelfBinding
{
    public static ShelfSettings Bind(SettingsSection section) => new()
    {
        BooksMax = section.Int32("books.max", min: 1),
        PageSize = section.Size("page.size", min: 4096),
        LendingTime = section.Duration("lending.time.ms"),
        LendingShare = section.Double("lending.share", min: 0, max: 1),
        LatePolicy = section.OneOf("late.policy", "keep", "warn", "sell") switch
        {
            "keep" => LatePolicy.Keep,
            "warn" => LatePolicy.Warn,
            _ => LatePolicy.Sell,
        },
        Languages = section.TextList("languages"),
        ChildrenWelcome = section.Flag("children.welcome"),
        Dir = section.Text("dir"),
        DirFailureTimeout = section.Duration("dir.failure.timeout.ms", min: TimeSpan.FromMilliseconds(1)),
        AnnexDir = section.TextOrNull("annex.dir"),
    };
}
