using System.Formats.Tar;
using System.IO.Compression;
using AkkaStream.Log.Files;
using AkkaStream.TestKit;

namespace AkkaStream.Cluster.Tests.Store;

/// <summary>A data directory that Kafka left, unpacked into memory.</summary>
static class GoldenDirectory
{
    public const string Path = "/kafka";

    public static MemoryFiles Unpack(string archive)
    {
        var files = new MemoryFiles();
        files.CreateDirectory(Path);
        using Stream packed = File.OpenRead(System.IO.Path.Combine(GoldenFiles.Root, "logdirs", $"{archive}.tar.gz"));
        using var tar = new TarReader(new GZipStream(packed, CompressionMode.Decompress));
        while (tar.GetNextEntry() is { } entry)
        {
            string path = System.IO.Path.Combine(Path, string.Join('/', entry.Name.Split('/', StringSplitOptions.RemoveEmptyEntries).Skip(1)));
            if (entry.EntryType == TarEntryType.Directory) files.CreateDirectory(path);
            if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile)) continue;
            files.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
            using ILogFile file = files.Create(path);
            using var content = new MemoryStream();
            entry.DataStream?.CopyTo(content);
            file.Write(content.ToArray(), 0);
        }

        return files;
    }
}
