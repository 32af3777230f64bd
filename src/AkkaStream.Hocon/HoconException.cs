namespace AkkaStream.Hocon;

/// <summary>
/// The configuration cannot be read. The message begins with the place and ends with the cure, so that it can be shown
/// to an operator as it is. Thrown while starting only: nothing on a request's way reads configuration text.
/// </summary>
public sealed class HoconException : Exception
{
    public HoconException(HoconOrigin origin, string problem)
        : base($"{origin}: {problem}")
    {
        Origin = origin;
        Problem = problem;
    }

    public HoconOrigin Origin { get; }

    /// <summary>The message without the place.</summary>
    public string Problem { get; }
}
