using AkkaStream.Cli.Options;
using AkkaStream.Log.Dump;
using AkkaStream.Log.Files;

namespace AkkaStream.Cli.Tools;

/// <summary>kafka-dump-log: prints the files of a partition. Reads the disk; no broker is asked.</summary>
static class DumpLogTool
{
    static OptionSet Options() => new OptionSet("dump-log", "Parse log files and print their contents.")
        .Value("files", "LIST", "REQUIRED: Log and index files to be dumped, joined by commas.")
        .Flag("print-data-log", "Print the records, too.")
        .Flag("deep-iteration", "Look at records and not only at batches.")
        .Flag("skip-record-metadata", "Print only key and value of records.")
        .Flag("verify-index-only", "Compare the indexes with the log without printing them.")
        .Flag("index-sanity-check", "Only check whether the indexes are sane.")
        .Value("max-bytes", "BYTES", "Read batches only up to so many bytes.")
        .Value("max-message-size", "BYTES", "Without effect; batches of any size are read.")
        .Refused("cluster-metadata-decoder", Takes.Nothing, "--cluster-metadata-decoder is not here; --print-data-log shows the records' bytes.")
        .Refused("offsets-decoder", Takes.Nothing, "--offsets-decoder is not here; --print-data-log shows the records' bytes.")
        .Refused("transaction-log-decoder", Takes.Nothing, "--transaction-log-decoder is not here; --print-data-log shows the records' bytes.");

    public static Task<int> RunAsync(ToolContext context)
    {
        if (context.Parse(Options()) is not { } parsed) return Task.FromResult(0);
        string files = parsed.Text("files") ?? throw new UsageException("Missing required argument \"[files]\": name a segment, "
            + "for example --files data/my-topic-0/00000000000000000000.log");
        var dump = new DumpLog(new OsFiles(), new DumpOptions
        {
            PrintsData = parsed.Has("print-data-log"),
            IsDeep = parsed.Has("deep-iteration") || parsed.Has("print-data-log"),
            SkipsMetadata = parsed.Has("skip-record-metadata"),
            VerifiesIndexOnly = parsed.Has("verify-index-only"),
            ChecksIndexSanity = parsed.Has("index-sanity-check"),
            MaxBytes = parsed.Int("max-bytes") ?? int.MaxValue,
        }, context.Output);
        foreach (string file in files.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)) dump.Dump(file);
        context.Io.Flush();
        foreach (string finding in dump.Findings.Concat(dump.Gaps)) context.Error.WriteLine(finding);
        return Task.FromResult(dump.Findings.Count == 0 ? 0 : 1);
    }
}
