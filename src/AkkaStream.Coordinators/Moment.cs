namespace AkkaStream.Coordinators;

/// <summary>
/// Now, by both clocks. Deadlines count on the steady one, so that a jump of the wall clock throws nobody out; records and the expiry of
/// offsets need the wall clock, because they outlive the process.
/// </summary>
public readonly record struct Moment(long UptimeMs, long WallMs);
