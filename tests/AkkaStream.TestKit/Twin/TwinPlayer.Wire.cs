using System.Text;
using System.Text.Json.Nodes;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Wire;
using AkkaStream.TestKit.Messages;

namespace AkkaStream.TestKit.Twin;

// How steps become frames, and frames results.
public sealed partial class TwinPlayer
{
    static readonly byte[] ClientId = "twin"u8.ToArray();

    async Task<TwinConnection> ConnectionAsync(string name)
    {
        if (_connections.TryGetValue(name, out var known) && !known.IsClosed) return known;
        return _connections[name] = await TwinConnection.OpenAsync(_address).ConfigureAwait(false);
    }

    async Task<TwinResult> RequestAsync(JsonObject step)
    {
        var api = Enum.Parse<ApiKey>(step["api"].Text());
        short version = (short)step.Int("v", 0);
        int correlation = ++_correlation;
        byte[] frame = Frame(step, api, version, correlation);
        string id = step.Text("id", $"#{correlation}");
        var connection = await ConnectionAsync(step.Text("conn", "main")).ConfigureAwait(false);
        var result = new TwinResult { Request = frame };
        long sentAt = Time.GetTimestamp();
        if (!await connection.SendAsync(frame).ConfigureAwait(false))
        {
            result.Raw["closed"] = true;
            return result;
        }

        if (step.Text("answer", "") == "none") return result;
        var pending = new PendingAnswer(api, version, correlation, id, frame, sentAt);
        connection.Pending.Enqueue(pending);
        _waiting[id] = pending;
        _answers.Remove(id);
        return step.Flag("await", otherwise: true) ? await ReadAsync(connection, id, step).ConfigureAwait(false) : result;
    }

    static byte[] Frame(JsonObject step, ApiKey api, short version, int correlation)
    {
        var message = MessageCatalog.Request(api);
        byte[] body = step.Has("bodyHex") ? Json.Hex(step["bodyHex"].Text()) : MessageWriter.Write(message, version, step["body"] as JsonObject);
        var frame = new WireBytes().Int16(step.Int("apiKey", message.Key)).Int16(version).Int32(correlation);
        byte[]? client = step.Has("clientId") ? ScriptBytes.Of(step["clientId"]) : ClientId;
        frame.Int16(client?.Length ?? -1).Put(client);
        if (step.Flag("flexibleHeader", message.Flexible.Contains(version)))
        {
            var tags = step["headerTags"] as JsonObject ?? [];
            frame.Unsigned((ulong)tags.Count);
            foreach (var (tag, hex) in tags)
            {
                byte[] bytes = Json.Hex(hex.Text());
                frame.Unsigned(ulong.Parse(tag)).Unsigned((ulong)bytes.Length).Put(bytes);
            }
        }

        byte[] all = frame.Put(body).Put(Json.Hex(step.Text("append", ""))).ToArray()[..^step.Int("cut", 0)];
        return new WireBytes().Int32(step.Int("frameLength", all.Length)).Put(all).ToArray();
    }

    /// <summary>Reads answers in turn until the one of this id is there.</summary>
    async Task<TwinResult> ReadAsync(TwinConnection connection, string id, JsonObject step)
    {
        var mine = _waiting[id];
        long began = Time.GetTimestamp();
        var patience = TimeSpan.FromMilliseconds(step.Number("timeout", 12_000));
        while (!_answers.ContainsKey(id))
        {
            byte[]? frame;
            try
            {
                var left = patience - Time.GetElapsedTime(began);
                frame = await connection.ReceiveAsync(left > TimeSpan.Zero ? left : TimeSpan.FromMilliseconds(1)).ConfigureAwait(false);
            }
            catch (IOException)
            {
                return Lost(connection, mine, "closed");
            }

            // Later answers would be out of step: the next request starts afresh.
            if (frame is null) return Lost(connection, mine, "silence");
            if (!connection.Pending.TryDequeue(out var pending))
            {
                var unasked = new TwinResult { Response = frame };
                unasked.Raw["_unasked"] = MessageReader.Shown(frame);
                return unasked;
            }

            var answered = new TwinResult { Request = pending.Request, Response = frame };
            answered.Raw["answer"] = Decode(pending.Api, pending.Version, pending.Correlation, frame, answered);
            _answers[pending.Id] = answered;
        }

        _answers.Remove(id, out var result);
        _waiting.Remove(id);
        var waited = Time.GetElapsedTime(mine.SentAt);
        if (step.Has("atLeast")) result!.Raw[$"waitedAtLeast{step["atLeast"].Text()}"] = waited.TotalMilliseconds + 5 >= step.Int("atLeast", 0);
        if (step.Has("atMost")) result!.Raw[$"answeredWithin{step["atMost"].Text()}"] = (long)waited.TotalMilliseconds <= step.Int("atMost", 0);
        return result!;
    }

    static TwinResult Lost(TwinConnection connection, PendingAnswer pending, string why)
    {
        connection.Close();
        var lost = new TwinResult { Request = pending.Request };
        lost.Raw[why] = true;
        return lost;
    }

    static JsonObject Decode(ApiKey api, short version, int correlation, byte[] frame, TwinResult result)
    {
        try
        {
            return DecodeFrame(api, version, correlation, frame, result);
        }
        catch (MalformedException mistake)
        {
            return new JsonObject { ["_malformed"] = mistake.Message };
        }
    }

    static JsonObject DecodeFrame(ApiKey api, short version, int correlation, byte[] frame, TwinResult result)
    {
        var message = MessageCatalog.Response(api);

        // An ApiVersions request of an unknown version is answered in version 0.
        if (api == ApiKey.ApiVersions && !message.Versions.Contains(version)) version = 0;
        var from = new WireCursor(frame);
        int got = from.Int32();
        if (message.Flexible.Contains(version) && api != ApiKey.ApiVersions)
        {
            int tags = from.Unsigned();
            if (tags != 0) return new JsonObject { ["_headerTags"] = tags };
        }

        if (!message.Versions.Contains(version)) return new JsonObject { ["_malformed"] = $"there is no version {version} of it" };
        var json = MessageReader.Read(message, version, from.Rest);
        result.OtherBytes = TwinBytes.Compare(message, version, from.Rest);
        if (got != correlation) json["_correlation"] = got - correlation;
        return json;
    }

    async Task<TwinResult> AwaitAsync(JsonObject step)
    {
        string id = step["await"].Text();
        if (!_waiting.TryGetValue(id, out var pending)) throw new InvalidDataException($"nothing was sent as {id}");
        foreach (var connection in _connections.Values)
            if (connection.Pending.Contains(pending) || _answers.ContainsKey(id)) return await ReadAsync(connection, id, step).ConfigureAwait(false);
        var lost = new TwinResult();
        lost.Raw["closed"] = true;
        return lost;
    }

    async Task<TwinResult> StillAsync(JsonObject step)
    {
        string id = step["still"].Text();
        if (!_waiting.TryGetValue(id, out var pending)) throw new InvalidDataException($"nothing was sent as {id}");
        var result = new TwinResult();
        var patience = TimeSpan.FromMilliseconds(step.Number("ms", 200));
        long began = Time.GetTimestamp();
        foreach (var connection in _connections.Values.Where(c => c.Pending.Contains(pending)))
        {
            while (Time.GetElapsedTime(began) < patience && !connection.HasArrived)
                await Task.Delay(TimeSpan.FromMilliseconds(10), Time).ConfigureAwait(false);
            result.Raw["stillWaiting"] = !connection.HasArrived;
        }

        return result;
    }

    async Task<TwinResult> RawAsync(JsonObject step)
    {
        var connection = await ConnectionAsync(step.Text("conn", "raw")).ConfigureAwait(false);
        var result = new TwinResult { Request = Json.Hex(step["raw"].Text()) };
        try
        {
            if (!await connection.SendAsync(result.Request).ConfigureAwait(false)) throw new IOException("closed");
            if (step.Flag("shutdownOutput")) connection.EndSending();
            if (step.Text("answer", "") == "none") return result;
            byte[]? frame = await connection.ReceiveAsync(TimeSpan.FromMilliseconds(step.Number("timeout", 2000))).ConfigureAwait(false);
            result.Response = frame;
            if (frame is null) result.Raw["silence"] = true;
            else if (step["as"] is JsonArray form)
                result.Raw["answer"] = Decode(Enum.Parse<ApiKey>(form[0].Text()), (short)(int)form[1]!, (int)form[2]!, frame, result);
            else result.Raw["frame"] = MessageReader.Shown(frame);
        }
        catch (IOException)
        {
            connection.Close();
            result.Raw["closed"] = true;
        }

        return result;
    }
}
