namespace AkkaStream.Hocon.Syntax;

/// <summary>
/// How much work one resolution may be. A few lines can ask for exponential work (<c>a = ${a}${a}</c>, again and
/// again); a start that is refused with a reason is better than one that hangs or eats the memory.
/// </summary>
sealed class Budget
{
    const long MaxSteps = 10_000_000;
    const int MaxDepth = 600;
    const int MaxNodes = 1_000_000;
    const int MaxCharacters = 16 * 1024 * 1024;

    long _steps;
    long _characters;
    int _depth;

    public void Spend(long steps, HoconOrigin origin)
    {
        _steps += steps;
        if (_steps > MaxSteps)
            throw new HoconException(origin,
                "the substitutions up to here take too much work; use fewer, or assign a value directly");
    }

    public void SpendText(int characters, HoconOrigin origin)
    {
        _characters += characters;
        if (_characters > MaxCharacters)
            throw new HoconException(origin,
                $"the substitutions make more than {MaxCharacters} characters of text; use fewer");
    }

    public void Enter(HoconOrigin origin)
    {
        if (++_depth > MaxDepth)
            throw new HoconException(origin,
                $"substitutions and nesting are more than {MaxDepth} deep here; flatten the configuration");
    }

    public void Leave() => _depth--;

    public static HoconNode CheckSize(HoconNode node) => node.Size <= MaxNodes ? node
        : throw new HoconException(node.Origin,
            $"has more than {MaxNodes} values once substituted; substitute fewer whole objects");
}
