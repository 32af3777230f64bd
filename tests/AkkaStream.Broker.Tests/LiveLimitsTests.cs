namespace AkkaStream.Broker.Tests;

public sealed class LiveLimitsTests
{
    [Fact]
    public async Task A_changed_limit_of_connections_holds_for_the_next_one()
    {
        await using var broker = await TestBroker.StartAsync();
        broker.Alter(4, "1", "max.connections.per.ip", "1");

        using (var refused = broker.Connect()) Assert.Equal(0, refused.Receive(new byte[1]));

        broker.Alter(4, "1", "max.connections.per.ip", null);
        using var welcome = broker.Connect();
        welcome.Send([0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 7, 255, 255]);
        Assert.True(welcome.Receive(new byte[1]) > 0);
    }
}
