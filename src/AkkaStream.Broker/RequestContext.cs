using AkkaStream.Cluster.Controller;
using AkkaStream.Net;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Broker;

/// <summary>Who asks, on which connection, and the way to answer. One for each request that is not hot.</summary>
public sealed class RequestContext(BrokerNode node, ReplySlot slot, ApiKey key, short version, int correlationId, string clientId)
{
    public BrokerNode Node => node;
    public ApiKey Key => key;
    public short Version => version;
    public string ClientId => clientId;
    public Connection Connection => slot.Connection;
    public ListenerSettings Listener => slot.Connection.Listener;
    public ConnectionSession Session => (ConnectionSession)slot.Connection.SinkState!;

    /// <summary>Who asks, for the controller.</summary>
    public RequestOrigin Origin => new(node.Id, "User:ANONYMOUS", clientId, Listener.Name);

    /// <summary>Forwards a request as it came, and waits as long as its sender does.</summary>
    public ValueTask<TResponse> AskController<TResponse>(IRequest<TResponse> request, int timeoutMs) where TResponse : class, IMessage =>
        node.Controller.Ask(request, version, Origin, TimeSpan.FromMilliseconds(timeoutMs));

    /// <summary>The first stage is done: the connection's next request may begin while this one waits.</summary>
    public void FixOrder() => slot.FixOrder();

    /// <summary>On any thread, once.</summary>
    public void Reply(IMessage response) => Reply(response, version);

    public void Reply(IMessage response, short responseVersion)
    {
        int headerLength = ApiTable.ResponseHeaderVersion(key, responseVersion) >= 1 ? 5 : 4;
        int size = headerLength + response.Size(responseVersion);
        var writer = new WireWriter(slot.Reserve(size));
        writer.WriteInt32(correlationId);
        if (headerLength == 5) writer.WriteUnsignedVarint(0);
        response.Write(ref writer, responseVersion);
        slot.Complete();
    }

    public void Close(EndReason reason) => slot.Close(reason);
}

/// <summary>What is remembered about a connection between its requests. Touched on its loop only.</summary>
public sealed class ConnectionSession
{
    public string SoftwareName { get; set; } = "unknown";
    public string SoftwareVersion { get; set; } = "unknown";
}
