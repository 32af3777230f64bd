using System.Diagnostics.CodeAnalysis;

namespace AkkaStream.Protocol.Wire;

/// <summary>
/// Bytes that are no message of the version they claim to be. The only exception that reading throws. Who reads frames
/// of a peer catches it, closes the connection and logs the text.
/// </summary>
public sealed class WireFormatException(string message, short version, string field, int offset, string cause)
    : Exception(Describe(message, version, field, offset, cause))
{
    /// <summary>The message that was read, empty where single values were read without one.</summary>
    public string MessageName { get; } = message;

    public short Version { get; } = version;

    /// <summary>The field whose bytes are wrong, by its name on the wire.</summary>
    public string Field { get; } = field;

    /// <summary>How far reading had come, counted from the first byte given to the reader.</summary>
    public int Offset { get; } = offset;

    public string Cause { get; } = cause;

    static string Describe(string message, short version, string field, int offset, string cause) =>
        message.Length == 0
            ? $"field '{field}' at byte {offset}: {cause}"
            : $"{message} v{version}, field '{field}' at byte {offset}: {cause}";
}

/// <summary>
/// A message that its version cannot carry: a field that the version does not have, a null where none is allowed, a
/// value too long. The writer has written part of it by then; whoever wrote throws the bytes away.
/// </summary>
public sealed class WireValueException(string message, short version, string field, string cause)
    : Exception($"{message} v{version}, field '{field}': {cause}")
{
    public string MessageName { get; } = message;

    public short Version { get; } = version;

    public string Field { get; } = field;
}

/// <summary>A version of a message that does not exist, or no longer exists.</summary>
public sealed class WireVersionException(string message, short version, VersionRange known)
    : Exception($"{message} has no version {version}: versions {known} are known")
{
    public string MessageName { get; } = message;

    public short Version { get; } = version;

    [DoesNotReturn]
    internal static void Throw(string message, short version, short lowest, short highest) =>
        throw new WireVersionException(message, version, new VersionRange(lowest, highest));
}
