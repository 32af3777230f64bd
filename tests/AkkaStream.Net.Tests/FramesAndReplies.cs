using System.Net.Sockets;
using AkkaStream.Net;
using static AkkaStream.Net.Tests.TestServer;

namespace AkkaStream.Net.Tests;

public sealed class FramesAndReplies
{
    [Theory]
    [MemberData(nameof(TestServer.Transports), MemberType = typeof(TestServer))]
    public async Task Frames_of_every_size_come_back_whole_and_in_order(string transport)
    {
        using var server = new TestServer(transport);
        var client = server.Connect();
        int[] sizes = [0, 1, 3, 100, 4091, 65_535, 65_536, 98_299, 98_300, 98_304, 262_140, 262_144, 300_000, 1_048_588, 2_097_152, 5_000_000];
        var sender = Task.Factory.StartNew(() =>
        {
            foreach (int size in sizes) client.Send(Framed(Pattern(size)));
        }, TaskCreationOptions.LongRunning);
        foreach (int size in sizes) Assert.Equal(Pattern(size), Receive(client));
        await sender;
    }

    [Theory]
    [MemberData(nameof(TestServer.Transports), MemberType = typeof(TestServer))]
    public void Frames_that_arrive_byte_by_byte_are_put_together(string transport)
    {
        using var server = new TestServer(transport);
        var client = server.Connect();
        foreach (byte one in Framed([(byte)'e', 7, 8], [], [(byte)'e', 9])) client.Send([one]);
        Assert.Equal([(byte)'e', 7, 8], Receive(client)!);
        Assert.Equal([], Receive(client)!);
        Assert.Equal([(byte)'e', 9], Receive(client)!);
    }

    [Fact]
    public async Task Frames_cut_at_random_places_come_back_the_same()
    {
        using var server = new TestServer();
        int seed = Environment.TickCount;
        var random = new Random(seed);
        for (int round = 0; round < 20; round++)
        {
            var client = server.Connect();
            byte[][] frames = [.. Enumerable.Range(0, 40).Select(_ => Pattern(random.Next(10) == 0 ? random.Next(400_000) : random.Next(3_000)))];
            byte[] stream = Framed(frames);
            int[] cuts = [.. Enumerable.Range(0, 60).Select(_ => random.Next(stream.Length)).Order(), stream.Length];
            var sender = Task.Factory.StartNew(() =>
            {
                int at = 0;
                foreach (int cut in cuts)
                {
                    for (; at < cut; at += client.Send(stream, at, cut - at, SocketFlags.None)) { }
                }
            }, TaskCreationOptions.LongRunning);
            foreach (var frame in frames) Assert.True(frame.AsSpan().SequenceEqual(Receive(client)), $"seed {seed}, round {round}");
            await sender;
        }
    }

    [Fact]
    public void Replies_leave_in_the_order_of_the_requests_though_they_were_ready_in_another()
    {
        using var server = new TestServer();
        var client = server.Connect();
        client.Send(Framed([(byte)'p', 1], [(byte)'p', 2], [(byte)'e', 3]));
        Eventually(() => server.Sink.Parked.Count == 2, "both requests to be parked");
        server.Sink.Parked.TryDequeue(out var first);
        server.Sink.Parked.TryDequeue(out var second);
        EchoSink.Answer(second!, [22]);
        EchoSink.Answer(first!, [11]);
        Assert.Equal([11], Receive(client)!);
        Assert.Equal([22], Receive(client)!);
        Assert.Equal([(byte)'e', 3], Receive(client)!);
    }

    [Fact]
    public void Nothing_begins_behind_a_request_whose_first_stage_is_not_done()
    {
        using var server = new TestServer();
        var client = server.Connect();
        client.Send(Framed([(byte)'h', 1], [(byte)'e', 2]));
        Eventually(() => server.Sink.Parked.Count == 1, "the first request");
        client.Send(Framed([(byte)'e', 3]));
        // A second connection of the same loop is served meanwhile, so the loop had its chance to go on with the first.
        var other = server.Connect();
        other.Send(Framed([(byte)'e', 9]));
        Receive(other);
        Assert.DoesNotContain("echo 2", server.Sink.Events);
        server.Sink.Parked.TryDequeue(out var held);
        held!.FixOrder();
        Eventually(() => server.Sink.Events.Contains("echo 3"), "the requests behind it to begin");
        EchoSink.Answer(held, [1]);
        Assert.Equal([1], Receive(client)!);
        Assert.Equal([(byte)'e', 2], Receive(client)!);
        Assert.Equal([(byte)'e', 3], Receive(client)!);
    }

    [Fact]
    public void A_reply_whose_order_another_thread_fixed_leaves_though_the_loop_completed_it_before_it_heard_of_that()
    {
        using var server = new TestServer();
        server.Sink.Custom = (slot, bytes) =>
        {
            if (bytes[0] != 'o') return false;
            var other = new Thread(slot.FixOrder);
            other.Start();
            other.Join();
            EchoSink.Answer(slot, bytes);
            return true;
        };
        var client = server.Connect();
        client.Send(Framed([(byte)'o', 1], [(byte)'e', 2]));
        Assert.Equal([(byte)'o', 1], Receive(client)!);
        Assert.Equal([(byte)'e', 2], Receive(client)!);
        client.Send(Framed([(byte)'e', 3]));
        Assert.Equal([(byte)'e', 3], Receive(client)!);
    }

    [Fact]
    public void What_was_grouped_is_done_before_a_request_that_could_see_it()
    {
        using var server = new TestServer();
        var client = server.Connect();
        client.Send(Framed([(byte)'g', 1], [(byte)'g', 2], [(byte)'e', 3], [(byte)'g', 4]));
        for (int i = 0; i < 4; i++) Receive(client);
        Assert.Equal(["group 1", "group 2", "append 1", "append 2", "echo 3", "group 4", "append 4"], server.Sink.Events.Where(e => e != "opened"));
    }

    [Fact]
    public void A_request_without_reply_leaves_no_gap()
    {
        using var server = new TestServer();
        var client = server.Connect();
        client.Send(Framed([(byte)'s', 1], [(byte)'e', 2], [(byte)'s', 3], [(byte)'s', 3], [(byte)'e', 4]));
        Assert.Equal([(byte)'e', 2], Receive(client)!);
        Assert.Equal([(byte)'e', 4], Receive(client)!);
    }

    [Theory]
    [MemberData(nameof(TestServer.Transports), MemberType = typeof(TestServer))]
    public void File_bytes_stand_where_they_were_inserted(string transport)
    {
        using var server = new TestServer(transport);
        string path = Path.GetTempFileName();
        byte[] content = Pattern(3_000_000);
        File.WriteAllBytes(path, content);
        using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        int released = 0;
        server.Sink.Custom = (slot, bytes) =>
        {
            if (bytes[0] != 'f') return false;
            var head = slot.Reserve(6);
            "abcdef"u8.CopyTo(head);
            slot.Insert(2, new FileSlice(new TestFile(handle, () => released++), 1_000, 2_000_000));
            slot.Insert(2, new FileSlice(new TestFile(handle, () => released++), 5, 10));
            slot.Insert(6, new FileSlice(new TestFile(null, () => released++, content), 7, 40_000));
            slot.Complete();
            return true;
        };
        var client = server.Connect();
        client.Send(Framed([(byte)'f'], [(byte)'e', 1]));
        byte[] expected = [.. "ab"u8, .. content.AsSpan(1_000, 2_000_000), .. content.AsSpan(5, 10), .. "cdef"u8, .. content.AsSpan(7, 40_000)];
        Assert.True(expected.AsSpan().SequenceEqual(Receive(client)));
        Assert.Equal([(byte)'e', 1], Receive(client)!);
        Eventually(() => released == 3, "all leases to be given back");
        File.Delete(path);
    }

    [Fact]
    public async Task Memory_is_given_back_when_all_is_answered()
    {
        using var server = new TestServer();
        long before = server.Net.Buffers.OutstandingBytes;
        for (int round = 0; round < 3; round++)
        {
            var client = server.Connect();
            var sender = Task.Factory.StartNew(() => client.Send(Framed(Pattern(700_000), Pattern(10), Pattern(150_000))), TaskCreationOptions.LongRunning);
            for (int i = 0; i < 3; i++) Receive(client);
            await sender;
            client.Dispose();
        }
        Eventually(() => server.Net.Buffers.OutstandingBytes == before, "all buffers to be back in the pool");
    }

    static byte[] Pattern(int size)
    {
        var bytes = new byte[size];
        for (int i = 0; i < size; i++) bytes[i] = (byte)(i * 31 + size);
        if (size > 0) bytes[0] = (byte)'e';
        return bytes;
    }
}

sealed class TestFile(Microsoft.Win32.SafeHandles.SafeFileHandle? handle, Action released, byte[]? memory = null) : IFileSource
{
    public Microsoft.Win32.SafeHandles.SafeFileHandle? Handle => handle;

    public int Read(Span<byte> target, long offset)
    {
        if (memory is null) return RandomAccess.Read(handle!, target, offset);
        int count = (int)Math.Min(target.Length, memory.Length - offset);
        memory.AsSpan((int)offset, count).CopyTo(target);
        return count;
    }

    public void Release() => released();
}
