using System.Net.Sockets;
using System.Text;

namespace AkkaStream.Server.Commands;

/// <summary>
/// Tells systemd, where it started us as a service of the type notify, that the broker serves or stops: units that need it start then
/// and not before. Elsewhere nothing happens.
/// </summary>
static class ServiceNotice
{
    const string Variable = "NOTIFY_SOCKET";

    public static void Ready() => Send("READY=1\nSTATUS=Serving\n");

    public static void Stopping() => Send("STOPPING=1\nSTATUS=Stopping\n");

    static void Send(string state)
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 1 } path) return;
        try
        {
            // A name that begins with @ is in the system's own space, where it begins with a zero byte.
            var address = new UnixDomainSocketEndPoint(path[0] == '@' ? $"\0{path[1..]}" : path);
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            socket.SendTo(Encoding.UTF8.GetBytes(state), address);
        }
        catch (SocketException)
        {
            // Whoever asked to be told is gone; the broker's work does not depend on it.
        }
    }
}
