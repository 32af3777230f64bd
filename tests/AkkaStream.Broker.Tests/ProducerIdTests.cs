using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;

namespace AkkaStream.Broker.Tests;

public sealed class ProducerIdTests
{
    [Fact]
    public async Task No_id_is_given_twice_not_even_after_a_restart()
    {
        string directory = Directory.CreateTempSubdirectory("akkastream-").FullName;
        try
        {
            var given = new HashSet<long>();
            for (int life = 0; life < 3; life++)
            {
                await using var broker = await TestBroker.StartAsync(directory);
                for (int i = 0; i < 1_500; i++) Assert.True(given.Add(Ask(broker).ProducerId));
            }
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public async Task A_transactional_producer_is_told_to_give_up()
    {
        await using var broker = await TestBroker.StartAsync();

        var answer = broker.Ask(new InitProducerIdRequest { TransactionalId = "t", TransactionTimeoutMs = 1_000 });

        Assert.Equal(ErrorCode.TransactionalIdAuthorizationFailed, answer.ErrorCode);
        Assert.False(ErrorCodes.IsRetriable(answer.ErrorCode));
    }

    static InitProducerIdResponse Ask(TestBroker broker)
    {
        var answer = broker.Ask(new InitProducerIdRequest { TransactionalId = null });
        Assert.Equal((ErrorCode.None, (short)0), (answer.ErrorCode, answer.ProducerEpoch));
        return answer;
    }
}
