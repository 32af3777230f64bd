namespace AkkaStream.Net.Links;

// Whoever brings the first request sends it; requests that come while a send is under way wait and leave together in the
// next one. So a quiet link sends on the caller's thread at once, and a busy one gathers by itself.
public sealed partial class LinkConnection
{
    /// <summary>A send takes no further request once it holds so much.</summary>
    const int BytesPerSend = 1 << 20;

    readonly Queue<LinkCall> _outgoing = new();
    readonly List<LinkCall> _withoutReply = [];
    LinkOutput? _output;
    bool _sending;

    internal void Send(LinkCall call)
    {
        LinkFailure? ended;
        lock (_lock)
        {
            ended = _ended;
            if (ended is null)
            {
                call.Deadline = _time.GetTimestamp() + Ticks(call.Timeout ?? _settings.RequestTimeout);
                _outgoing.Enqueue(call);
                if (_sending)
                {
                    Arm(call.Deadline);
                    return;
                }
                _sending = true;
            }
        }
        if (ended is not null) call.OnFailed(ended);
        else _ = SendAllAsync();
    }

    async Task SendAllAsync()
    {
        LinkFailure? failure = null;
        try
        {
            var output = _output ??= new LinkOutput();
            Gathered gathered;
            while ((gathered = Gather(output)) == Gathered.Some)
            {
                if (output.Length > 0) await _stream.SendAsync(output.Pieces()).ConfigureAwait(false);
                output.Reset();
                foreach (var call in _withoutReply) call.OnSent();
                _withoutReply.Clear();
            }
            // Another thread may be the sender already: nothing here may be touched any more.
            if (gathered == Gathered.Nothing) return;
        }
        catch (Exception e)
        {
            failure = new LinkFailure(LinkFailureKind.Disconnected, $"the connection to {Peer} broke while sending: {e.Message}");
        }
        Leave(failure);
    }

    enum Gathered : byte { Some, Nothing, Ended }

    /// <summary>Writes what waits. When nothing does, this thread no longer is the sender.</summary>
    Gathered Gather(LinkOutput output)
    {
        bool any = false;
        while (output.Length < BytesPerSend)
        {
            LinkCall? call;
            lock (_lock)
            {
                if (_ended is not null) return Gathered.Ended;
                if (!_outgoing.TryDequeue(out call))
                {
                    if (any) return Gathered.Some;
                    _sending = false;
                    return Gathered.Nothing;
                }
            }
            any = true;
            if (!call.IsAbandoned) Write(call, output);
        }
        return Gathered.Some;
    }

    void Write(LinkCall call, LinkOutput output)
    {
        var range = call.Versions;
        short? version = Ranges is { } ranges ? ranges.Newest(call.Api, range) : range.Highest;
        if (version is null)
        {
            call.OnFailed(NotServed(call));
            return;
        }
        var before = output.Position;
        call.Version = version.Value;
        call.CorrelationId = _nextCorrelation;
        _nextCorrelation = (_nextCorrelation + 1) & int.MaxValue;
        try
        {
            call.Write(output, call.Version, call.CorrelationId, _settings.ClientId);
        }
        catch (Exception e)
        {
            output.Rewind(before);
            call.OnFailed(new LinkFailure(LinkFailureKind.Unsupported, $"{call.Api} cannot be written for {Peer}: {e.Message}"));
            return;
        }
        if (!call.ExpectsReply)
        {
            _withoutReply.Add(call);
            return;
        }
        lock (_lock)
        {
            _inFlight.Enqueue(call);
            Arm(call.Deadline);
        }
    }

    LinkFailure NotServed(LinkCall call)
    {
        var served = Ranges?.Of(call.Api) ?? Protocol.VersionRange.None;
        string text = served.IsEmpty
            ? $"{Peer} does not serve {call.Api}"
            : $"{Peer} serves {call.Api} in versions {served}, but {call.Versions} are needed";
        return new LinkFailure(LinkFailureKind.Unsupported, text);
    }

    // The connection ended or broke while this thread was the sender, so nobody has failed the requests yet.
    void Leave(LinkFailure? failure)
    {
        if (failure is not null) End(failure);
        LinkFailure ended;
        lock (_lock)
        {
            _sending = false;
            ended = _ended ?? throw new InvalidOperationException("the sender leaves a connection that goes on");
        }
        foreach (var call in _withoutReply) call.OnFailed(ended.AfterSending());
        _withoutReply.Clear();
        _output?.Dispose();
        _output = null;
        FailAll();
    }
}
