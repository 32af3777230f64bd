using System.Runtime.InteropServices;

namespace AkkaStream.Server.Commands;

/// <summary>
/// SIGTERM, SIGINT and SIGHUP: the first asks for a clean stop, the second for one that waits for nobody, and the third ends
/// the process as it is, which is safe and makes the next start check the logs.
/// </summary>
sealed class StopSignals : IDisposable
{
    const int EndedByUser = 130;

    /// <summary>SIGXFSZ: a file may not grow any more. The write that did it fails like one on a full disk; nobody needs to die.</summary>
    const int FileTooLarge = 25;

    readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly CancellationTokenSource _hurry = new();
    readonly PosixSignalRegistration[] _registrations;
    int _count;

    public StopSignals() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal),
        PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal),
        PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnSignal),
        .. OperatingSystem.IsWindows() ? [] : new[] { Ignore(FileTooLarge) },
    ];

    public Task First => _first.Task;

    public CancellationToken Hurry => _hurry.Token;

    static PosixSignalRegistration Ignore(int signal) =>
        PosixSignalRegistration.Create((PosixSignal)signal, static context => context.Cancel = true);

    void OnSignal(PosixSignalContext signal)
    {
        signal.Cancel = true;
        switch (Interlocked.Increment(ref _count))
        {
            case 1: _first.TrySetResult(); break;
            case 2: _hurry.Cancel(); break;
            default: Environment.Exit(EndedByUser); break;
        }
    }

    public void Dispose()
    {
        foreach (var registration in _registrations) registration.Dispose();
        _hurry.Dispose();
    }
}
