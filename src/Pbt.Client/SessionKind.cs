namespace Pbt.Client;

/// <summary>Who asks for the intervals.</summary>
public enum SessionKind
{
    /// <summary>Nobody: a plain training run with the program's own defaults.</summary>
    Plain,

    /// <summary>A worker of pbt, for one interval, by the command protocol.</summary>
    Command,

    /// <summary>A worker of pbt, for as long as there is something to do, by the session protocol.</summary>
    Session,
}
