using System.Buffers.Binary;
using AkkaStream.TestKit;

namespace AkkaStream.Chaos.Tests.Hostile;

/// <summary>Requests of all kinds, spoiled by chance: each is answered or its connection closed, and the broker takes no harm.</summary>
public sealed class FuzzTests(VictimBroker broker) : IClassFixture<VictimBroker>
{
    const int Requests = 1_500, AtATime = 8;

    [Fact]
    public Task Spoiled_requests_are_answered_or_closed_and_do_no_harm() => Seeds.ForEachAsync(1, seed => RunAsync((int)seed));

    async Task RunAsync(int seed)
    {
        var mutations = new Mutations(new Random(seed));
        for (int i = 0; i < Requests; i += AtATime)
        {
            byte[][] frames = [.. Enumerable.Range(0, AtATime).Select(_ => mutations.Next())];
            await Task.WhenAll(frames.Select(VisitAsync));
            if (i % 80 == 0) await broker.ProbeAsync();
        }

        await broker.AssertUnharmedAsync();
    }

    async Task VisitAsync(byte[] frame)
    {
        string what = Convert.ToHexString(frame.AsSpan(0, Math.Min(frame.Length, 400)));
        using var stranger = await Stranger.ConnectAsync(broker.Process.Address);
        await stranger.SendAsync(frame);

        // Some ask to wait for an answer for days: the end of the connection ends that too.
        stranger.EndSending();
        byte[] said = await stranger.ReadToEndAsync(what);
        if (said.Length == 0) return;
        Assert.True(said.Length >= 8, what);
        bool isHttp = said[0] == 'H';
        if (!isHttp && said[0] != 0x15) Assert.Equal(said.Length - 4, BinaryPrimitives.ReadInt32BigEndian(said));
    }
}
