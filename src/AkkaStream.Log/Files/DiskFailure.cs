namespace AkkaStream.Log.Files;

/// <summary>Tells a full disk, which may recover while we run, from one that cannot be trusted any more.</summary>
public static class DiskFailure
{
    const int NoSpace = 28;
    const int FileTooBig = 27;
    const int QuotaExceeded = 122;
    const int QuotaExceededMac = 69;
    const int WindowsDiskFull = unchecked((int)0x80070070);
    const int WindowsHandleDiskFull = unchecked((int)0x80070027);

    public static IOException Full(string path) => new($"No space left on the disk of {path}.", NoSpace);

    public static bool IsDiskFull(IOException failure) =>
        failure.HResult is NoSpace or FileTooBig or QuotaExceeded or WindowsDiskFull or WindowsHandleDiskFull
        || (failure.HResult == QuotaExceededMac && OperatingSystem.IsMacOS());
}
