using System.ComponentModel;
using System.Diagnostics;

namespace AkkaStream.Protocol.Tests.Compression;

/// <summary>The command-line tools gzip, lz4 and zstd, fed through pipes. Debian: gzip lz4 zstd.</summary>
static class NativeTools
{
    /// <summary>Null when the tool is not installed and nobody demands it.</summary>
    public static byte[]? Run(string tool, string arguments, byte[] input)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(tool, arguments)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            })!;
            var feed = new Thread(() =>
            {
                process.StandardInput.BaseStream.Write(input);
                process.StandardInput.Close();
            });
            feed.Start();
            var output = new MemoryStream();
            process.StandardOutput.BaseStream.CopyTo(output);
            feed.Join();
            process.WaitForExit();
            Assert.Equal((tool, 0), (tool, process.ExitCode));
            return output.ToArray();
        }
        catch (Win32Exception)
        {
            NativeLibraries.Require(tool);
            return null;
        }
    }
}
