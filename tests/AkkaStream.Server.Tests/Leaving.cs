using System.Net;
using System.Net.Sockets;

namespace AkkaStream.Server.Tests;

/// <summary>A host that is disposed is gone: what it had of the process is given back.</summary>
[Collection(Alone.Name)]
public sealed class Leaving : IDisposable
{
    readonly string _directory = Directory.CreateTempSubdirectory("akkastream-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    /// <summary>Threads of hosts, by their names as the system shows them.</summary>
    static List<string> Threads() => [.. Directory.GetDirectories("/proc/self/task").Select(NameOf).Where(IsHosts)];

    static string NameOf(string task)
    {
        try
        {
            return File.ReadAllText(Path.Combine(task, "comm")).Trim();
        }
        catch (IOException)
        {
            return ""; // it ended meanwhile
        }
    }

    static bool IsHosts(string name) => name.StartsWith("akkastream", StringComparison.Ordinal) || name.StartsWith("work-", StringComparison.Ordinal)
        || name.StartsWith("disk-", StringComparison.Ordinal) || name.StartsWith("metadata", StringComparison.Ordinal);

    List<string> OpenFiles() => [.. Directory.GetFiles("/proc/self/fd")
        .Select(link => File.ResolveLinkTarget(link, returnFinalTarget: false)?.FullName ?? "").Where(target => target.StartsWith(_directory, StringComparison.Ordinal))];

    static async Task<int> ThreadsAfter(int expected)
    {
        // A thread's entry outlives its last turn by a moment.
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        for (int i = 0; i < 500 && Threads().Count > expected; i++) await tick.WaitForNextTickAsync();
        return Threads().Count;
    }

    [Fact]
    public async Task No_thread_socket_or_file_of_it_is_left()
    {
        int before = Threads().Count;
        IPEndPoint address;
        await using (var host = await AkkaStreamHost.StartAsync(new AkkaStreamSettings { LogDirs = [_directory] }))
        {
            address = host.Addresses[0];
            using var client = new TcpClient();
            client.Connect(address);
            Assert.True(Threads().Count > before);
            Assert.NotEmpty(OpenFiles());
        }

        Assert.Equal(before, await ThreadsAfter(before));
        Assert.Empty(OpenFiles());
        using var late = new TcpClient();
        Assert.Throws<SocketException>(() => late.Connect(address));
    }

    [Fact]
    public async Task A_start_that_fails_leaves_nothing_either()
    {
        int before = Threads().Count;
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();

        await Assert.ThrowsAsync<IOException>(() => AkkaStreamHost.StartAsync(new AkkaStreamSettings
        {
            LogDirs = [_directory],
            Listeners = [new AkkaStream.Net.ListenerSettings("PLAINTEXT", (IPEndPoint)taken.LocalEndpoint)],
        }));

        Assert.Equal(before, await ThreadsAfter(before));
        Assert.Empty(OpenFiles());
        Assert.Equal([".lock"], Directory.GetFileSystemEntries(_directory).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_broker_in_memory_writes_nothing()
    {
        string here = Directory.GetCurrentDirectory();
        string[] before = Directory.GetFileSystemEntries(here);

        await using (await AkkaStreamHost.StartAsync()) Assert.False(Directory.Exists("/memory"));

        Assert.Equal(before, Directory.GetFileSystemEntries(here));
        Assert.False(Directory.Exists("/memory"));
    }

    [Fact]
    public async Task Memory_goes_when_hosts_go()
    {
        var gone = await StartAndStop();

        for (int i = 0; i < 10 && gone.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        Assert.False(gone.IsAlive, "something still holds a host that was disposed");
    }

    static async Task<WeakReference> StartAndStop()
    {
        await using var host = await AkkaStreamHost.StartAsync();
        return new WeakReference(host);
    }

    [Fact]
    public async Task Many_starts_in_a_row_cost_no_more_than_the_first_ones()
    {
        for (int i = 0; i < 3; i++) await StartAndStop();
        int threads = Threads().Count;
        long handles = Directory.GetFiles("/proc/self/fd").Length;

        for (int i = 0; i < 10; i++) await StartAndStop();

        Assert.True(await ThreadsAfter(threads) <= threads);
        Assert.True(Directory.GetFiles("/proc/self/fd").Length <= handles + 2);
    }
}
