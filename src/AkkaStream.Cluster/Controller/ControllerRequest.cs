using AkkaStream.Protocol;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Cluster.Controller;

/// <summary>
/// Who asks the controller, and through whom. Rights were checked by the broker that took the request; the principal is
/// for logs and for rules that depend on it later.
/// </summary>
/// <param name="Receiver">The broker that took the request: settings of a single broker are changed through itself.</param>
public sealed record RequestOrigin(BrokerId Receiver, string Principal = "User:ANONYMOUS", string? ClientId = null, string Listener = "");

/// <summary>One of Kafka's own requests as a command, so that it can be forwarded unchanged.</summary>
/// <param name="Version">In which it came: some answers depend on it.</param>
public sealed record ControllerRequest(IRequest Message, short Version, RequestOrigin Origin);
