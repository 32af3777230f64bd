using System.Text.Json;
using System.Text.Json.Nodes;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Stored;
using AkkaStream.Protocol.Wire;
using AkkaStream.TestKit;
using AkkaStream.TestKit.Messages;

namespace AkkaStream.Protocol.Tests.Golden;

/// <summary>
/// Every example that Kafka wrote is read, compared with Kafka's own JSON of it, and written back to the same bytes.
/// </summary>
public class GoldenMessagesTests
{
    const int Examples = 5669;

    static readonly Lazy<List<JsonElement>> Lines = new(() => [.. GoldenFiles.Lines("messages.jsonl.gz")]);

    [Fact]
    public void Every_example_reads_to_its_json_and_uses_all_bytes() => ForEach(_ => true, line =>
    {
        IMessage message = ReadBody(line, out _);
        AssertJson(line.GetProperty("json"), MessageJson.Write(message, Version(line)));
    });

    [Fact]
    public void Every_example_is_written_back_to_the_same_bytes_with_unknown_tags_kept() => ForEach(_ => true, line =>
    {
        IMessage message = ReadBody(line, out byte[] bytes);
        Assert.Equal(Convert.ToHexStringLower(bytes), Convert.ToHexStringLower(ToBytes(message, Version(line))));
    });

    [Fact]
    public void Every_example_is_written_from_its_json_to_the_same_bytes() =>
        ForEach(l => !l.TryGetProperty("unknownTags", out _), line =>
    {
        MessageEntry entry = MessageCatalog.Named(Name(line));
        var json = (JsonObject)JsonNode.Parse(line.GetProperty("json").GetRawText())!;
        IMessage message = MessageJson.Read(entry, json, Version(line));
        Assert.Equal(line.GetProperty("hex").GetString(), Convert.ToHexStringLower(ToBytes(message, Version(line))));
    });

    [Fact]
    public void Every_frame_is_read_by_its_key_and_written_back() =>
        ForEach(l => l.TryGetProperty("frame", out _), line =>
    {
        byte[] frame = Convert.FromHexString(line.GetProperty("frame").GetString()!);
        var reader = new WireReader(frame.AsMemory());
        Assert.Equal(frame.Length - 4, reader.ReadInt32("size"));
        var key = (ApiKey)line.GetProperty("apiKey").GetInt16();
        short version = Version(line);
        bool isRequest = line.GetProperty("kind").GetString() == "request";
        short headerVersion = isRequest
            ? ApiTable.RequestHeaderVersion(key, version)
            : ApiTable.ResponseHeaderVersion(key, version);
        Assert.Equal(line.GetProperty("headerVersion").GetInt16(), headerVersion);

        IMessage header = isRequest
            ? RequestHeader.Read(ref reader, headerVersion)
            : ResponseHeader.Read(ref reader, headerVersion);
        AssertJson(line.GetProperty("header"), MessageJson.Write(header, headerVersion));
        IMessage body = isRequest
            ? ApiTable.ReadRequest(key, ref reader, version)
            : ApiTable.ReadResponse(key, ref reader, version);
        reader.ExpectEnd();

        byte[] written = [.. frame[..4], .. ToBytes(header, headerVersion), .. ToBytes(body, version)];
        Assert.Equal(Convert.ToHexStringLower(frame), Convert.ToHexStringLower(written));
    });

    [Fact]
    public void Every_stored_example_is_found_by_its_frame_and_framed_again() =>
        ForEach(l => l.TryGetProperty("stored", out _), line =>
    {
        byte[] bytes = Convert.FromHexString(line.GetProperty("stored").GetString()!);
        var message = (IStoredMessage)ReadBody(line, out _);
        Assert.Equal(
            Convert.ToHexStringLower(bytes), Convert.ToHexStringLower(StoredTable.ToBytes(message, Version(line))));
        IStoredMessage? found = ReadStored(message, bytes);
        if (found is null) return;
        Assert.IsType(message.GetType(), found);
        AssertJson(line.GetProperty("json"), MessageJson.Write(found, Version(line)));
    });

    [Fact]
    public void All_examples_are_there_and_every_message_has_one_in_every_version()
    {
        Assert.Equal(Examples, Lines.Value.Count);
        var seen = Lines.Value.Select(l => (Name(l), Version(l))).ToHashSet();
        var described = MessageCatalog.Kafkas.SelectMany(m => m.EachVersion.Select(v => (m.Name, v))).ToHashSet();
        Assert.Empty(described.Except(seen));
        Assert.Empty(seen.Except(described));
    }

    static IStoredMessage? ReadStored(IStoredMessage message, byte[] bytes) => message.Kind switch
    {
        StoredKind.Metadata => StoredTable.ReadMetadata(bytes),
        StoredKind.RemoteLog => StoredTable.ReadRemoteLog(bytes),
        StoredKind.GroupKey => StoredTable.ReadGroupKey(bytes),
        StoredKind.GroupValue => StoredTable.ReadGroupValue(message.Id, bytes),
        StoredKind.TransactionKey => StoredTable.ReadTransactionKey(bytes),
        StoredKind.TransactionValue => StoredTable.ReadTransactionValue(message.Id, bytes),
        StoredKind.ShareKey => StoredTable.ReadShareKey(bytes),
        StoredKind.ShareValue => StoredTable.ReadShareValue(message.Id, bytes),
        _ => null,
    };

    static IMessage ReadBody(JsonElement line, out byte[] bytes)
    {
        bytes = Convert.FromHexString(line.GetProperty("hex").GetString()!);
        var reader = new WireReader(bytes.AsMemory());
        IMessage message = MessageCatalog.Named(Name(line)).Read(ref reader, Version(line));
        reader.ExpectEnd();
        return message;
    }

    static byte[] ToBytes(IMessage message, short version)
    {
        var bytes = new byte[message.Size(version)];
        var writer = new WireWriter(bytes);
        message.Write(ref writer, version);
        Assert.Equal(0, writer.Remaining);
        return bytes;
    }

    static void AssertJson(JsonElement expected, JsonObject actual)
    {
        using JsonDocument document = JsonDocument.Parse(actual.ToJsonString());
        if (!JsonElement.DeepEquals(expected, document.RootElement))
            Assert.Fail($"Kafka reads {expected.GetRawText()}\nand we read {actual.ToJsonString()}");
    }

    static void ForEach(Func<JsonElement, bool> which, Action<JsonElement> check)
    {
        int checkedLines = 0;
        foreach (JsonElement line in Lines.Value.Where(which))
        {
            try
            {
                check(line);
                checkedLines++;
            }
            catch (Exception e)
            {
                Assert.Fail(
                    $"{Name(line)} v{Version(line)} {line.GetProperty("case")} {line.GetProperty("hex")}:\n{e}");
            }
        }

        Assert.True(checkedLines > 800);
    }

    static string Name(JsonElement line) => line.GetProperty("name").GetString()!;

    static short Version(JsonElement line) => line.GetProperty("version").GetInt16();
}
