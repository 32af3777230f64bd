using System.Text.Json;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Messages.Hot;
using AkkaStream.Protocol.Tests.Support;
using AkkaStream.Protocol.Wire;
using AkkaStream.TestKit;

namespace AkkaStream.Protocol.Tests.Golden;

/// <summary>
/// What went over the wire between a client and a running Kafka, more than five thousand requests and answers: all that
/// is a message is read and written back to the same bytes.
/// </summary>
public class RecordedTrafficTests
{
    [Fact]
    public void Every_recorded_answer_is_read_and_written_back()
    {
        int read = ForEach("response", (step, bytes) =>
        {
            if (!step.TryGetProperty("api", out JsonElement api)) return false;
            var key = Enum.Parse<ApiKey>(api.GetString()!);
            short version = step.GetProperty("version").GetInt16();

            // A version that Kafka does not know is answered as if it were version 0.
            if (key == ApiKey.ApiVersions && !ApiTable.Versions(key).Contains(version)) version = 0;
            short headerVersion = ApiTable.ResponseHeaderVersion(key, version);
            var reader = new WireReader(bytes.AsMemory());
            ResponseHeader header = ResponseHeader.Read(ref reader, headerVersion);
            IMessage body = ApiTable.ReadResponse(key, ref reader, version);
            reader.ExpectEnd();
            AssertSame(bytes, [.. Bytes.Of(header, headerVersion), .. Bytes.Of(body, version)]);
            return true;
        });
        Assert.Equal(6971, read);
    }

    [Fact]
    public void Every_recorded_request_is_read_and_written_back()
    {
        int read = ForEach("request", (step, frame) =>
        {
            string label = step.GetProperty("label").GetString()!;
            if (!label.Contains("one byte short"))
                return IsReadAndWrittenBack(frame, label.Contains("two bytes too many") ? 2 : 0);
            Assert.Throws<WireFormatException>(() => IsReadAndWrittenBack(frame, 0));
            return true;
        });
        Assert.Equal(7336, read);
    }

    /// <param name="tooMany">Kafka answers a request with bytes behind it as if they were not there.</param>
    static bool IsReadAndWrittenBack(byte[] frame, int tooMany)
    {
        var view = new RequestHeaderView(frame.AsSpan(Frames.LengthSize));
        if (!ApiTable.Versions(view.ApiKey).Contains(view.ApiVersion)) return false;
        short headerVersion = ApiTable.RequestHeaderVersion(view.ApiKey, view.ApiVersion);
        var reader = new WireReader(frame.AsMemory(Frames.LengthSize));
        RequestHeader header = RequestHeader.Read(ref reader, headerVersion);
        IRequest body = ApiTable.ReadRequest(view.ApiKey, ref reader, view.ApiVersion);
        Assert.Equal(tooMany, reader.Remaining);
        byte[] written = [.. frame[..4], .. Bytes.Of(header, headerVersion), .. Bytes.Of(body, view.ApiVersion)];
        AssertSame(frame, [.. written, .. reader.Rest]);
        return true;
    }

    static int ForEach(string what, Func<JsonElement, byte[], bool> check)
    {
        int done = 0;
        string folder = Path.Combine(GoldenFiles.Root, "twin", "answers");
        foreach (string file in Directory.GetFiles(folder, "*.gz", SearchOption.AllDirectories))
        {
            // Its requests are broken on purpose, header and all.
            if (what == "request" && Path.GetFileName(file) == "framing.jsonl.gz") continue;
            foreach (JsonElement step in GoldenFiles.Lines(Path.GetRelativePath(GoldenFiles.Root, file)))
            {
                // Not there or empty: nothing was sent, or so much that only its length was recorded.
                if (!step.TryGetProperty(what, out JsonElement hex) || hex.GetString() is "") continue;
                try
                {
                    if (check(step, Convert.FromHexString(hex.GetString()!))) done++;
                }
                catch (Exception e)
                {
                    Assert.Fail($"{Path.GetFileName(file)}, step {step.GetProperty("step")}: {hex}\n{e}");
                }
            }
        }

        return done;
    }

    static void AssertSame(byte[] expected, byte[] actual) =>
        Assert.Equal(Convert.ToHexStringLower(expected), Convert.ToHexStringLower(actual));
}
