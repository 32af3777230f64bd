using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;

namespace AkkaStream.Broker.Tests;

public sealed class DeleteRecordsTests
{
    [Fact]
    public async Task Deleted_records_stay_deleted_after_a_restart()
    {
        string directory = Directory.CreateTempSubdirectory("akkastream-").FullName;
        try
        {
            await using (var broker = await TestBroker.StartAsync(directory))
            {
                broker.Create("t");
                broker.Produce("t", TestBroker.Batch(records: 10));
                Assert.Equal((ErrorCode.None, 4L), Delete(broker, 4));
            }
            await using (var broker = await TestBroker.StartAsync(directory))
            {
                Assert.Equal(4, broker.Fetch("t", offset: 4).LogStartOffset);
                Assert.Equal(ErrorCode.OffsetOutOfRange, broker.Fetch("t", offset: 3).ErrorCode);
            }
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public async Task Minus_one_deletes_all_and_the_offsets_go_on()
    {
        await using var broker = await TestBroker.StartAsync();
        broker.Create("t");
        broker.Produce("t", TestBroker.Batch(records: 10));

        Assert.Equal((ErrorCode.None, 10L), Delete(broker, -1));
        Assert.Equal((ErrorCode.OffsetOutOfRange, -1L), Delete(broker, 11));
        Assert.Equal(10, broker.Produce("t", TestBroker.Batch()).BaseOffset);
    }

    static (ErrorCode, long) Delete(TestBroker broker, long offset)
    {
        var answer = broker.Ask(new DeleteRecordsRequest
        {
            TimeoutMs = 10_000,
            Topics = [new DeleteRecordsRequestTopic { Name = "t", Partitions = [new DeleteRecordsRequestPartition { Offset = offset }] }],
        }).Topics[0].Partitions[0];
        return (answer.ErrorCode, answer.LowWatermark);
    }
}
