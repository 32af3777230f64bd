namespace AkkaStream.Net;

/// <summary>Why a connection ended. Every close has one; it is logged and is the label of the closed-connections metric.</summary>
public enum EndReason
{
    None = 0,
    ClosedByPeer,
    ResetByPeer,
    Idle,
    ServerStopping,
    ListenerClosed,
    TooManyConnections,
    TooManyConnectionsFromAddress,
    FrameTooLarge,
    FrameLengthNegative,
    TlsOnPlaintextPort,
    HttpOnKafkaPort,
    NotKafka,
    SlowFrame,
    OutOfFrameMemory,
    SlowReader,
    MalformedRequest,
    UnknownApi,
    UnsupportedVersion,
    NotAuthenticated,
    ProduceWithoutReplyFailed,
    InternalError,
}
