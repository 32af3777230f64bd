using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace AkkaStream.Log;

/// <summary>Checks of our own promises, on in release: a log that is wrong about itself stops rather than writes on.</summary>
static class Bug
{
    public static void Assert(
        [DoesNotReturnIf(false)] bool holds, [CallerArgumentExpression(nameof(holds))] string promise = "",
        [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        if (!holds) Throw(promise, file, line);
    }

    [DoesNotReturn]
    static void Throw(string promise, string file, int line) =>
        throw new InvalidOperationException(
            $"This is a bug in the partition log: \"{promise}\" does not hold ({Path.GetFileName(file)}, line {line}).");
}
