namespace AkkaStream.Broker;

/// <summary>
/// A request that could be decoded and makes no sense all the same, where Kafka's protocol has no place for an error: the connection is
/// closed, and the log says why.
/// </summary>
sealed class MalformedRequestException(string cause) : Exception(cause);
