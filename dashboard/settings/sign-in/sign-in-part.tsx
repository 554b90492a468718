import { IssuersSection } from './issuers-section.tsx';
import { LoginSection } from './login-section.tsx';
import { OriginsSection } from './origins-section.tsx';

/** Who says who people are, and whose pages may read answers. */
export function SignInPart() {
  return (
    <>
      <LoginSection />
      <IssuersSection />
      <OriginsSection />
    </>
  );
}
