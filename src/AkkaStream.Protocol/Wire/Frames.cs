namespace AkkaStream.Protocol.Wire;

/// <summary>
/// A message with its length and header, as it goes over a connection. Requests are framed by clients and by links
/// between brokers, responses by the request desk; hot responses frame only their head here and write the rest
/// themselves.
/// </summary>
public static class Frames
{
    /// <summary>The int32 before a frame, which does not count itself.</summary>
    public const int LengthSize = 4;

    /// <summary>
    /// Length and header of a response: the header is the correlation id, and an empty tagged section in version 1.
    /// </summary>
    public static int SizeOfResponseHead(ApiKey key, short version) =>
        LengthSize + sizeof(int) + (ApiTable.ResponseHeaderVersion(key, version) == 1 ? 1 : 0);

    /// <param name="bodySize">What follows the head, whoever writes it.</param>
    public static void WriteResponseHead(
        ref WireWriter writer, ApiKey key, short version, int correlationId, int bodySize)
    {
        writer.WriteInt32(SizeOfResponseHead(key, version) - LengthSize + bodySize);
        writer.WriteInt32(correlationId);
        if (ApiTable.ResponseHeaderVersion(key, version) == 1) writer.WriteUnsignedVarint(0);
    }

    /// <summary>A whole response, in an array of its own: for all answers that are not hot.</summary>
    public static byte[] ToBytes(IMessage response, ApiKey key, short version, int correlationId)
    {
        int body = response.Size(version);
        var frame = new byte[SizeOfResponseHead(key, version) + body];
        var writer = new WireWriter(frame);
        WriteResponseHead(ref writer, key, version, correlationId, body);
        response.Write(ref writer, version);
        return frame;
    }

    /// <summary>A whole request, in an array of its own.</summary>
    public static byte[] ToBytes(IRequest request, short version, int correlationId, string? clientId)
    {
        var frame = new byte[SizeOfRequest(request, version, clientId)];
        WriteRequest(frame, request, version, correlationId, clientId);
        return frame;
    }

    public static int SizeOfRequest(IRequest request, short version, string? clientId)
    {
        bool flexible = ApiTable.RequestHeaderVersion(request.ApiKey, version) == 2;
        return LengthSize + 8 + WireSize.String(clientId, false) + (flexible ? 1 : 0) + request.Size(version);
    }

    /// <param name="frame">As long as <see cref="SizeOfRequest"/> said.</param>
    public static void WriteRequest(
        Span<byte> frame, IRequest request, short version, int correlationId, string? clientId)
    {
        var writer = new WireWriter(frame);
        writer.WriteInt32(frame.Length - LengthSize);
        writer.WriteInt16((short)request.ApiKey);
        writer.WriteInt16(version);
        writer.WriteInt32(correlationId);
        writer.WriteNullableString(clientId, false, "clientId");
        if (ApiTable.RequestHeaderVersion(request.ApiKey, version) == 2) writer.WriteUnsignedVarint(0);
        request.Write(ref writer, version);
    }
}
