using System.Text;
using AkkaStream.Broker.Handlers;
using AkkaStream.Net;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages.Hot;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Broker;

/// <summary>
/// The request desk of one loop: looks at the header, refuses what is not served, hands Produce and Fetch to their own
/// desks where they lie, decodes the rest and gives it to its handler, on this thread or on the work lane.
/// </summary>
public sealed class RequestRouter : IRequestSink
{
    readonly BrokerNode _node;
    readonly ProduceDesk _produce;
    readonly FetchDesk _fetch;

    public RequestRouter(BrokerNode node, EventLoop loop)
    {
        _node = node;
        _produce = new ProduceDesk(node);
        _fetch = new FetchDesk(node, loop);
    }

    public void OnOpened(Connection connection) => connection.SinkState = new ConnectionSession();

    public void OnClosed(Connection connection, EndReason reason) => _fetch.OnClosed(connection);

    public void OnDraining() => _fetch.StopWaiting();

    public bool MayJoinGroup(ReadOnlySpan<byte> frame) => frame.Length >= 2 && frame[0] == 0 && frame[1] == (byte)ApiKey.Produce;

    public void OnBatchEnd() => _produce.AppendGrouped();

    public void OnRepliesSent() => _fetch.WakeWaiting();

    public void OnFrame(Connection connection, Frame frame, ReplySlot slot)
    {
        RequestHeaderView header;
        try
        {
            header = new RequestHeaderView(frame.Bytes);
        }
        catch (WireFormatException)
        {
            BrokerTrace.NoHeader(_node.Log, connection.RemoteAddress.ToString(), frame.Length);
            slot.Close(EndReason.MalformedRequest);
            return;
        }
        if (!HandlerTable.Served(header.ApiKey).Contains(header.ApiVersion))
        {
            RefuseVersion(connection, header, slot);
            return;
        }
        try
        {
            if (header.ApiKey == ApiKey.Produce) _produce.Offer(header, frame, slot);
            else if (header.ApiKey == ApiKey.Fetch) _fetch.Offer(header, frame, slot);
            else Decode(header, frame, slot);
        }
        catch (WireFormatException e)
        {
            BrokerTrace.Malformed(_node.Log, connection.RemoteAddress.ToString(), header.ApiKey, Encoding.UTF8.GetString(header.ClientId), e.Message);
            slot.Close(EndReason.MalformedRequest);
        }
    }

    void Decode(in RequestHeaderView header, Frame frame, ReplySlot slot)
    {
        var context = new RequestContext(
            _node, slot, header.ApiKey, header.ApiVersion, header.CorrelationId, Encoding.UTF8.GetString(header.ClientId));
        if (frame.Length >= LargeRequests.From)
        {
            _node.LargeRequests.Offer(new LargeWork(context, frame.Hold(), header.Length), frame.Length);
            return;
        }
        var reader = new WireReader(frame.Bytes[header.Length..]);
        var request = ApiTable.ReadRequest(header.ApiKey, ref reader, header.ApiVersion);
        var handler = HandlerTable.HandlerOf(header.ApiKey)!;
        bool takesLong = handler.Lane == Lane.Work || LargeRequests.TakesLong(request, frame.Length);
        if (takesLong) _node.WorkLane.Schedule(new LaneWork(context, request, handler.Handle));
        else _ = RunAsync(context, request, handler.Handle);
    }

    /// <summary>Never fails: what goes wrong ends the connection.</summary>
    static async ValueTask RunAsync(RequestContext context, IRequest request, Handle handle)
    {
        try
        {
            context.Reply(await handle(context, request).ConfigureAwait(false));
        }
        catch (Exception e)
        {
            Fail(context, e);
        }
    }

    static void Fail(RequestContext context, Exception error)
    {
        if (error is MalformedRequestException or WireFormatException)
        {
            BrokerTrace.Malformed(
                context.Node.Log, context.Connection.RemoteAddress.ToString(), context.Key, context.ClientId, error.Message);
            context.Close(EndReason.MalformedRequest);
            return;
        }
        BrokerTrace.HandlerFailed(
            context.Node.Log, context.Key, context.Version, context.ClientId, context.Connection.RemoteAddress.ToString(), error);
        context.Close(EndReason.InternalError);
    }

    void RefuseVersion(Connection connection, in RequestHeaderView header, ReplySlot slot)
    {
        string clientId = Encoding.UTF8.GetString(header.ClientId);
        string remote = connection.RemoteAddress.ToString();
        if (header.ApiKey == ApiKey.ApiVersions)
        {
            // Whoever asks with a version from the future must learn which one to ask with.
            var context = new RequestContext(_node, slot, header.ApiKey, 0, header.CorrelationId, clientId);
            context.Reply(ApiVersionsHandler.Unsupported(), 0);
        }
        else if (HandlerTable.HandlerOf(header.ApiKey) is null && header.ApiKey is not (ApiKey.Produce or ApiKey.Fetch))
        {
            BrokerTrace.UnknownApi(_node.Log, remote, (short)header.ApiKey, clientId);
            slot.Close(EndReason.UnknownApi);
        }
        else
        {
            BrokerTrace.UnservedVersion(_node.Log, remote, header.ApiKey, header.ApiVersion, HandlerTable.Served(header.ApiKey), clientId);
            slot.Close(EndReason.UnsupportedVersion);
        }
    }

    sealed class LaneWork(RequestContext context, IRequest request, Handle handle) : IThreadPoolWorkItem
    {
        public void Execute() => _ = RunAsync(context, request, handle);
    }

    /// <summary>
    /// Decodes on the work lane. The frame goes back once it is decoded, and the budget when the handler waits or is done: a group's
    /// member that waits for the others must not keep everybody from decoding.
    /// </summary>
    sealed class LargeWork(RequestContext context, Frame frame, int headerLength) : IThreadPoolWorkItem
    {
        public void Execute()
        {
            int length = frame.Length;
            if (TryDecode() is { } request) _ = RunAsync(context, request, HandlerTable.HandlerOf(context.Key)!.Handle);
            context.Node.LargeRequests.Done(length);
        }

        IRequest? TryDecode()
        {
            try
            {
                var reader = new WireReader(frame.Bytes[headerLength..]);
                return ApiTable.ReadRequest(context.Key, ref reader, context.Version);
            }
            catch (Exception e)
            {
                Fail(context, e);
                return null;
            }
            finally
            {
                frame.Release();
            }
        }
    }
}
