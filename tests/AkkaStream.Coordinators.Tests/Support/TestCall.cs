namespace AkkaStream.Coordinators.Tests.Support;

/// <summary>A call whose answer the test looks at.</summary>
sealed class TestCall(IRequest request, short version, string clientId) : CoordinatorCall(request, version, clientId, "/127.0.0.1")
{
    public IMessage? Response { get; private set; }
    public bool IsAnswered => Response is not null;
    public bool Waits => Response is null;

    public T Answer<T>() where T : class, IMessage => Assert.IsType<T>(Response);

    public void Take(IMessage response)
    {
        Assert.True(Response is null, $"{Request.ApiKey} was answered twice");
        // What cannot be written in the caller's version would cost the client its connection.
        response.Size(Version);
        var bytes = new byte[response.Size(Version)];
        var writer = new WireWriter(bytes);
        response.Write(ref writer, Version);
        Response = response;
    }
}
