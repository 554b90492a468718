/** Roles of members. What each may do is the tenant object's to say. */
export const roles = ['owner', 'admin', 'operator', 'approver', 'auditor', 'viewer'] as const;
export type Role = (typeof roles)[number];
