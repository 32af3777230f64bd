namespace AkkaStream.Protocol.Wire;

/// <summary>
/// Anything that is described once and written by generated code: requests, responses, headers, stored records.
/// </summary>
public interface IMessage
{
    /// <summary>How many bytes <see cref="Write"/> will write. Fields that the version lacks count nothing.</summary>
    int Size(short version);

    /// <exception cref="WireValueException">The version cannot carry a value that is set.</exception>
    /// <exception cref="WireVersionException">There is no such version.</exception>
    void Write(ref WireWriter writer, short version);
}

public interface IRequest : IMessage
{
    ApiKey ApiKey { get; }
}

/// <summary>Ties a request to its response, so that a caller who sends the one gets the other back typed.</summary>
public interface IRequest<out TResponse> : IRequest
    where TResponse : IMessage
{
    TResponse ReadResponse(ref WireReader reader, short version);
}

/// <summary>
/// A message that ends on disk. Kind and id say how it is framed there, see <see cref="Stored.StoredTable"/>.
/// </summary>
public interface IStoredMessage : IMessage
{
    StoredKind Kind { get; }

    /// <summary>The record type within its log, 0 where the kind has none.</summary>
    short Id { get; }
}
