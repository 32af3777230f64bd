using System.Net;

namespace AkkaStream.Net.Linux;

public sealed class LinuxTransport : ITransport
{
    public IPoller CreatePoller() => new EpollPoller();
    public IAcceptor Listen(IPEndPoint address, int backlog) => LinuxAcceptor.Listen(address, backlog);
}
