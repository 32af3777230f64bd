using AkkaStream.Protocol.Wire;

namespace AkkaStream.Cluster.Controller;

/// <summary>
/// What a command comes to: the answer, and the records that must be committed before it may be given. The records stand
/// or fall together.
/// </summary>
public readonly record struct Decision(IMessage Response, IReadOnlyList<IStoredMessage> Records)
{
    public static Decision Of(IMessage response) => new(response, []);
}
