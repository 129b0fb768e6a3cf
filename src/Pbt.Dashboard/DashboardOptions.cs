using System.Net;

namespace Pbt.Dashboard;

/// <summary>Where the dashboard listens.</summary>
/// <param name="Address">The address. Anything but loopback can be reached from other machines, and then reading needs the token, too.</param>
/// <param name="Port">The TCP port; 0 takes a free one.</param>
public sealed record DashboardOptions(IPAddress Address, int Port);
