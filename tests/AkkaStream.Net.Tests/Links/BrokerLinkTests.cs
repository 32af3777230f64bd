using AkkaStream.Net.Links;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Wire;
using AkkaStream.TestKit;
using AkkaStream.TestKit.Links;

namespace AkkaStream.Net.Tests.Links;

/// <summary>A link to a scripted broker, in virtual time.</summary>
public sealed class BrokerLinkTests
{
    readonly ManualTime _time = new();
    readonly FakeNetwork _network = new();
    readonly List<(FakeConnection Connection, FakeRequest Request)> _seen = [];
    readonly VirtualDriver _driver;
    ApiVersionsResponse _versions = AllVersions();

    public BrokerLinkTests() => _driver = new VirtualDriver(_time);

    static ApiVersionsResponse AllVersions() => new()
    {
        ApiKeys = [.. ApiTable.Known.Select(k => new ApiVersionsResponseApi
        {
            ApiKey = (short)k, MinVersion = ApiTable.Advertised(k).Lowest, MaxVersion = ApiTable.Advertised(k).Highest,
        })],
    };

    BrokerLink Link(LinkSettings? settings = null)
    {
        VirtualDriver.LeaveSynchronizationContext();
        return new BrokerLink("broker", 9092, settings ?? new LinkSettings { ClientId = "test" }, new LinkSeams { Connector = _network, Time = _time, RunsInline = true });
    }

    void Listen(Action<FakeConnection, FakeRequest> onRequest) => _network.Listen("broker", 9092, (connection, request) =>
    {
        _seen.Add((connection, request));
        if (request.Api == ApiKey.ApiVersions && request.Body is ApiVersionsRequest) connection.Reply(request, _versions);
        else onRequest(connection, request);
    });

    static HeartbeatRequest Beat(int generation) => new() { GroupId = "g", GenerationId = generation, MemberId = "m" };

    static void Answer(FakeConnection connection, FakeRequest request) =>
        connection.Reply(request, new HeartbeatResponse { ErrorCode = (ErrorCode)((HeartbeatRequest)request.Body).GenerationId });

    async Task<LinkFailure> FailureOf(ValueTask<HeartbeatResponse> task) => (await Assert.ThrowsAsync<LinkException>(() => _driver.Run(task))).Failure;

    [Fact]
    public async Task Requests_are_answered_over_one_connection_in_the_newest_version_in_common()
    {
        Listen(Answer);
        _versions.ApiKeys = [.. _versions.ApiKeys.Select(a => a.ApiKey == (short)ApiKey.Heartbeat ? new ApiVersionsResponseApi { ApiKey = a.ApiKey, MinVersion = 0, MaxVersion = 3 } : a)];
        using var link = Link();

        for (int i = 0; i < 5; i++) Assert.Equal((ErrorCode)i, (await _driver.Run(link.Ask(Beat(i)))).ErrorCode);

        Assert.Single(_network.Connections);
        Assert.All(_seen.Where(s => s.Request.Api == ApiKey.Heartbeat), s => Assert.Equal((3, "test"), (s.Request.Version, s.Request.ClientId)));
        Assert.Equal([0, 1, 2, 3, 4, 5], _seen.Select(s => s.Request.CorrelationId));
    }

    [Fact]
    public async Task Requests_that_come_before_the_connection_stands_keep_their_order()
    {
        Listen(Answer);
        using var link = Link();
        var tasks = Enumerable.Range(0, 20).Select(i => link.Ask(Beat(i)).AsTask()).ToList();

        var answers = await _driver.Run(Task.WhenAll(tasks));

        Assert.Equal(Enumerable.Range(0, 20), answers.Select(a => (int)a.ErrorCode));
        Assert.Equal(Enumerable.Range(0, 20), _seen.Skip(1).Select(s => ((HeartbeatRequest)s.Request.Body).GenerationId));
    }

    [Fact]
    public async Task A_broker_that_does_not_know_our_ApiVersions_is_asked_in_one_that_it_knows()
    {
        _network.Listen("broker", 9092, (connection, request) =>
        {
            _seen.Add((connection, request));
            if (request.Api != ApiKey.ApiVersions) Answer(connection, request);
            else if (request.Version > 1) connection.Reply(request, new ApiVersionsResponse { ErrorCode = ErrorCode.UnsupportedVersion, ApiKeys = [new ApiVersionsResponseApi { ApiKey = 18, MinVersion = 0, MaxVersion = 1 }] }, 0);
            else connection.Reply(request, AllVersions());
        });
        using var link = Link();

        await _driver.Run(link.Ask(Beat(0)));

        Assert.Equal([4, 1], _seen.Where(s => s.Request.Api == ApiKey.ApiVersions).Select(s => (int)s.Request.Version));
    }

    [Fact]
    public async Task An_api_that_the_broker_does_not_serve_is_named()
    {
        Listen(Answer);
        _versions.ApiKeys = [.. _versions.ApiKeys.Where(a => a.ApiKey != (short)ApiKey.Heartbeat)];
        using var link = Link();

        var failure = await FailureOf(link.Ask(Beat(0)));

        Assert.Equal((LinkFailureKind.Unsupported, "broker:9092 does not serve Heartbeat"), (failure.Kind, failure.Text));
        Assert.False(failure.MayHaveArrived);
    }

    [Fact]
    public async Task A_broker_that_cannot_be_reached_is_named_and_tried_with_growing_waits()
    {
        using var link = Link();
        var waits = new List<double>();
        for (int i = 0; i < 8; i++)
        {
            var before = _time.Elapsed;
            var failure = await FailureOf(link.Ask(Beat(0)));
            Assert.Equal(LinkFailureKind.NotConnected, failure.Kind);
            Assert.Equal("broker:9092 cannot be reached: nothing listens there (connection refused)", failure.Text);
            waits.Add((_time.Elapsed - before).TotalMilliseconds);
        }

        Assert.Equal([0, 50, 100, 200, 400, 800, 1000, 1000], waits);
        Listen(Answer);
        await _driver.Run(link.Ask(Beat(0)));
        Assert.True(link.IsConnected);
    }

    [Fact]
    public async Task A_connection_that_breaks_fails_what_was_sent_and_the_next_request_makes_a_new_one()
    {
        Listen((connection, request) =>
        {
            if (((HeartbeatRequest)request.Body).GenerationId == 1) connection.Close();
            else Answer(connection, request);
        });
        using var link = Link();
        await _driver.Run(link.Ask(Beat(0)));

        var failure = await FailureOf(link.Ask(Beat(1)));
        Assert.Equal(LinkFailureKind.Disconnected, failure.Kind);
        Assert.True(failure.MayHaveArrived);

        await _driver.Run(link.Ask(Beat(2)));
        Assert.Equal(2, _network.Connections.Count);
    }

    [Fact]
    public async Task An_answer_that_does_not_come_ends_the_connection_when_its_time_is_over()
    {
        Listen((connection, request) => { });
        using var link = Link();
        var first = link.Ask(Beat(0)).AsTask();
        _driver.Pass(TimeSpan.FromSeconds(10));
        var second = link.Ask(Beat(1)).AsTask();

        var failure = (await Assert.ThrowsAsync<LinkException>(() => _driver.Run(first))).Failure;

        Assert.Equal(LinkFailureKind.TimedOut, failure.Kind);
        Assert.Contains("did not answer Heartbeat within 0:00:30", failure.Text);
        Assert.Equal(30, _time.Elapsed.TotalSeconds);
        Assert.True((await Assert.ThrowsAsync<LinkException>(() => second)).Failure.MayHaveArrived);
    }

    [Fact]
    public async Task A_request_may_be_given_more_time_than_the_others()
    {
        Listen((connection, request) => _time.CreateTimer(_ => Answer(connection, request), null, TimeSpan.FromSeconds(100), Timeout.InfiniteTimeSpan));
        using var link = Link();

        await _driver.Run(link.Ask(Beat(0), TimeSpan.FromSeconds(300)));

        Assert.Equal(100, _time.Elapsed.TotalSeconds);
    }

    [Fact]
    public async Task An_idle_connection_is_dropped_and_made_again_when_needed()
    {
        Listen(Answer);
        using var link = Link();
        await _driver.Run(link.Ask(Beat(0)));

        _driver.Pass(TimeSpan.FromMinutes(10));
        Assert.False(link.IsConnected);
        await _driver.Run(link.Ask(Beat(0)));

        Assert.Equal(2, _network.Connections.Count);
    }

    [Fact]
    public async Task An_answer_to_something_that_was_not_asked_ends_the_connection()
    {
        Listen((connection, request) => connection.ReplyRaw(Frames.ToBytes(new HeartbeatResponse(), ApiKey.Heartbeat, request.Version, request.CorrelationId + 1)));
        using var link = Link();

        var failure = await FailureOf(link.Ask(Beat(0)));

        Assert.Contains("answered a request that was not asked", failure.Text);
    }

    [Theory]
    [InlineData(new byte[] { 0x15, 3, 3, 0, 2, 2, 40 }, "it speaks TLS")]
    [InlineData(new byte[] { (byte)'H', (byte)'T', (byte)'T', (byte)'P', (byte)'/', (byte)'1' }, "it is a web server")]
    public async Task A_peer_that_is_no_broker_is_named(byte[] answer, string expected)
    {
        _network.Listen("broker", 9092, (connection, request) => connection.ReplyRaw(answer));
        using var link = Link();

        var failure = await FailureOf(link.Ask(Beat(0)));

        Assert.Contains(expected, failure.Text);
    }

    [Fact]
    public async Task An_answer_that_cannot_be_read_fails_its_request_with_the_place()
    {
        Listen((connection, request) => connection.ReplyRaw([0, 0, 0, 6, .. BitConverter.GetBytes(request.CorrelationId).Reverse(), 0, 0]));
        using var link = Link();

        var failure = await FailureOf(link.Ask(Beat(0)));

        Assert.Equal(LinkFailureKind.Malformed, failure.Kind);
        Assert.Contains("the answer of broker:9092 to Heartbeat v4 cannot be read", failure.Text);
    }

    [Fact]
    public async Task Many_small_answers_and_large_ones_in_between_are_taken_apart()
    {
        Listen((connection, request) => connection.Reply(request, new SaslAuthenticateResponse { AuthBytes = ((SaslAuthenticateRequest)request.Body).AuthBytes.ToArray() }));
        using var link = Link();
        var random = new Random(5);
        var sizes = Enumerable.Range(0, 200).Select(i => i % 20 == 7 ? random.Next(1_000_000) : random.Next(300)).ToList();
        var payloads = sizes.Select(size => { var bytes = new byte[size]; random.NextBytes(bytes); return bytes; }).ToList();

        var answers = await _driver.Run(Task.WhenAll(payloads.Select(p => link.Ask(new SaslAuthenticateRequest { AuthBytes = p }).AsTask())));

        for (int i = 0; i < payloads.Count; i++) Assert.True(answers[i].AuthBytes.Span.SequenceEqual(payloads[i]));
    }

    [Fact]
    public async Task A_cancelled_request_ends_at_once_and_its_answer_is_passed_over()
    {
        var held = new List<(FakeConnection, FakeRequest)>();
        Listen((connection, request) => held.Add((connection, request)));
        using var link = Link();
        using var cancel = new CancellationTokenSource();
        var first = link.Ask(Beat(1), null, cancel.Token).AsTask();
        var second = link.Ask(Beat(2)).AsTask();
        cancel.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        foreach (var (connection, request) in held.ToList()) Answer(connection, request);

        Assert.Equal((ErrorCode)2, (await _driver.Run(second)).ErrorCode);
    }

    [Fact]
    public async Task A_closed_link_refuses_and_fails_what_is_under_way()
    {
        Listen((_, _) => { });
        var link = Link();
        var pending = link.Ask(Beat(0)).AsTask();
        link.Dispose();

        Assert.Equal(LinkFailureKind.Closed, (await Assert.ThrowsAsync<LinkException>(() => pending)).Failure.Kind);
        Assert.Equal(LinkFailureKind.Closed, (await FailureOf(link.Ask(Beat(0)))).Kind);
    }
}
