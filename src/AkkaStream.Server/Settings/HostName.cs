using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace AkkaStream.Server.Settings;

/// <summary>
/// Under which name clients may reach this machine when the configuration leaves it open. The host's name, if it can be
/// looked up from here; otherwise its first address, because a name that not even this machine knows helps no client.
/// </summary>
static class HostName
{
    const string Fallback = "localhost";

    public static string Of()
    {
        string name = Dns.GetHostName();
        try
        {
            if (name.Length > 0 && Dns.GetHostAddresses(name).Length > 0) return name;
        }
        catch (SocketException)
        {
            // Common in containers and on laptops; the address will do.
        }
        return FirstAddress() ?? Fallback;
    }

    static string? FirstAddress()
    {
        var addresses =
            from card in NetworkInterface.GetAllNetworkInterfaces()
            where card.OperationalStatus == OperationalStatus.Up && card.NetworkInterfaceType != NetworkInterfaceType.Loopback
            from address in card.GetIPProperties().UnicastAddresses
            where address.Address.AddressFamily == AddressFamily.InterNetwork
            select address.Address.ToString();
        return addresses.FirstOrDefault();
    }
}
