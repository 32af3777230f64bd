using System.Formats.Tar;
using System.IO.Compression;
using AkkaStream.TestKit;

namespace AkkaStream.Log.Tests.Support;

/// <summary>A directory on the real disk that goes with the test.</summary>
sealed class ScratchDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("akkastream-log-").FullName;

    public string Below(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>One of Kafka's own data folders, unpacked.</summary>
    public static ScratchDirectory WithGoldenLogs(string name)
    {
        var scratch = new ScratchDirectory();
        using var packed = File.OpenRead(System.IO.Path.Combine(GoldenFiles.Root, "logdirs", name + ".tar.gz"));
        using var plain = new GZipStream(packed, CompressionMode.Decompress);
        TarFile.ExtractToDirectory(plain, scratch.Path, overwriteFiles: true);
        return scratch;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
